// The Partner API's measured calls in Fastify, with schemas of the answers, from which it compiles what writes them.
import Fastify from 'fastify';
import { Conflict } from './organisations.js';
import { Invalid, change, keyToVerify, listing, newOrganisation, organisationId, usageMonth } from './requests.js';
import { requestId, run } from './service.js';
import * as schemas from './schemas.js';
import * as views from './views.js';

run(async (service, port) => {
  const app = Fastify({ bodyLimit: 64 * 1024, genReqId: (req) => requestId(req.headers['x-request-id']) });
  app.decorateRequest('caller', null);
  app.addHook('onRequest', async (request, reply) => {
    reply.header('X-Request-Id', request.id).header('Cache-Control', 'no-store');
  });

  app.all('/authorize', async (request, reply) => {
    const proxy = await service.partner(request.headers['x-gateway-key'], request.ip, 'GATEWAY');
    if (proxy === undefined) {
      return reply.code(403).send();
    }
    const holder = await service.verify(proxy, request.headers['x-api-key'], 1, request.ip);
    if (holder === undefined) {
      return reply.code(401).send();
    }
    return reply
      .header('X-Organisation-Id', holder.root.toHexString())
      .header('X-Organisation-Key', holder.organisationKey)
      .header('X-Api-Key-Id', holder.key)
      .send();
  });

  const authenticated = (role) => async (request, reply) => {
    request.caller = await service.partner(request.headers['x-api-key'], request.ip, role);
    return request.caller === undefined
      ? fail(request, reply, 401, 'unauthorised', 'A valid partner API key is required.')
      : undefined;
  };
  const partner = (response) => ({ onRequest: authenticated('PARTNER'), schema: { response } });

  app.post(
    '/api-keys/verify',
    { onRequest: authenticated('GATEWAY'), schema: { response: schemas.verification } },
    async (request) => {
      const { text, count, address } = keyToVerify(request.body);
      const holder = await service.verify(request.caller, text, count, address);
      return views.answer('verify_api_key', { verification: views.verification(holder) });
    },
  );

  app.get('/organisations', partner(schemas.organisations), async (request, reply) => {
    const wanted = listing(request.query);
    const page = await service.organisations.list(request.caller, wanted);
    const next = views.nextLink(page, wanted, request.url.split('?')[1] ?? '');
    if (next !== undefined) {
      reply.header('Link', next);
    }
    return views.answer('get_organisations', views.page(page, wanted));
  });

  app.post('/organisations', partner(schemas.organisation), async (request, reply) => {
    const created = await service.organisations.create(request.caller, newOrganisation(request.body));
    const view = views.organisation(created.organisation, created.key);
    reply.header('ETag', views.tag(created.organisation));
    return views.answer('create_organisation', { organisation: view });
  });

  app.get('/organisations/:id', partner(schemas.organisation), async (request, reply) => {
    const found = await service.organisations.find(request.caller, organisationId(request.params.id));
    if (found === null) {
      return notFound(request, reply);
    }
    reply.header('ETag', views.tag(found));
    return views.answer('get_organisation', { organisation: views.organisation(found) });
  });

  app.patch('/organisations/:id', partner(schemas.organisation), async (request, reply) => {
    const id = organisationId(request.params.id);
    const updated = await service.organisations.update(request.caller, id, change(request.body));
    if (updated === null) {
      return notFound(request, reply);
    }
    reply.header('ETag', views.tag(updated));
    return views.answer('update_organisation', { organisation: views.organisation(updated) });
  });

  app.get('/organisations/:id/usage', partner(schemas.usage), async (request, reply) => {
    const month = usageMonth(request.query);
    const id = organisationId(request.params.id);
    const figures = await service.organisations.usage(request.caller, id, month);
    return figures === null
      ? notFound(request, reply)
      : views.answer('get_organisation_usage', { usage: views.usage(id, month, figures) });
  });

  app.setErrorHandler((error, request, reply) => {
    if (error instanceof Conflict) {
      return fail(request, reply, 409, error.code, error.message);
    }
    if (error instanceof Invalid || error.statusCode === 400) {
      return fail(request, reply, 400, 'validation_failed', 'The request is not valid; see violation.');
    }
    console.error(error);
    return fail(request, reply, 500, 'internal_error', 'Something went wrong here.');
  });

  await app.listen({ port, host: '127.0.0.1' });
});

function notFound(request, reply) {
  return fail(request, reply, 404, 'organisation_not_found', 'There is no such organisation.');
}

function fail(request, reply, status, code, message) {
  return reply.code(status).send(views.failure(code, message, request.id));
}

// The Partner API's measured calls in Express.
import express from 'express';
import { Conflict } from './organisations.js';
import { Invalid, change, keyToVerify, listing, newOrganisation, organisationId, usageMonth } from './requests.js';
import { requestId, run } from './service.js';
import * as views from './views.js';

const NOT_FOUND = ['organisation_not_found', 'There is no such organisation.'];

run((service, port) => {
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.use((req, res, next) => {
    req.id = requestId(req.get('x-request-id'));
    res.set({ 'X-Request-Id': req.id, 'Cache-Control': 'no-store' });
    next();
  });

  app.all('/authorize', async (req, res) => {
    const proxy = await service.partner(req.get('x-gateway-key'), req.socket.remoteAddress, 'GATEWAY');
    if (proxy === undefined) {
      return res.status(403).end();
    }
    const holder = await service.verify(proxy, req.get('x-api-key'), 1, req.socket.remoteAddress);
    if (holder === undefined) {
      return res.status(401).end();
    }
    res.set({
      'X-Organisation-Id': holder.root.toHexString(),
      'X-Organisation-Key': holder.organisationKey,
      'X-Api-Key-Id': holder.key,
    });
    return res.end();
  });

  const authenticated = (role) => async (req, res, next) => {
    req.caller = await service.partner(req.get('x-api-key'), req.socket.remoteAddress, role);
    if (req.caller === undefined) {
      return fail(req, res, 401, 'unauthorised', 'A valid partner API key is required.');
    }
    return next();
  };
  const partner = authenticated('PARTNER');
  const json = express.json({ limit: '64kb' });

  app.post('/api-keys/verify', authenticated('GATEWAY'), json, async (req, res) => {
    const { text, count, address } = keyToVerify(req.body);
    const holder = await service.verify(req.caller, text, count, address);
    res.json(views.answer('verify_api_key', { verification: views.verification(holder) }));
  });

  app.get('/organisations', partner, async (req, res) => {
    const wanted = listing(req.query);
    const page = await service.organisations.list(req.caller, wanted);
    const next = views.nextLink(page, wanted, req.url.split('?')[1] ?? '');
    if (next !== undefined) {
      res.set('Link', next);
    }
    res.json(views.answer('get_organisations', views.page(page, wanted)));
  });

  app.post('/organisations', partner, json, async (req, res) => {
    const created = await service.organisations.create(req.caller, newOrganisation(req.body));
    const view = views.organisation(created.organisation, created.key);
    res.set('ETag', views.tag(created.organisation));
    res.json(views.answer('create_organisation', { organisation: view }));
  });

  app.get('/organisations/:id', partner, async (req, res) => {
    const found = await service.organisations.find(req.caller, organisationId(req.params.id));
    return found === null
      ? fail(req, res, 404, ...NOT_FOUND)
      : res.set('ETag', views.tag(found)).json(views.answer('get_organisation', { organisation: views.organisation(found) }));
  });

  app.patch('/organisations/:id', partner, json, async (req, res) => {
    const updated = await service.organisations.update(req.caller, organisationId(req.params.id), change(req.body));
    return updated === null
      ? fail(req, res, 404, ...NOT_FOUND)
      : res.set('ETag', views.tag(updated)).json(views.answer('update_organisation', { organisation: views.organisation(updated) }));
  });

  app.get('/organisations/:id/usage', partner, async (req, res) => {
    const month = usageMonth(req.query);
    const id = organisationId(req.params.id);
    const figures = await service.organisations.usage(req.caller, id, month);
    return figures === null
      ? fail(req, res, 404, ...NOT_FOUND)
      : res.json(views.answer('get_organisation_usage', { usage: views.usage(id, month, figures) }));
  });

  app.use((error, req, res, next) => {
    if (error instanceof Conflict) {
      return fail(req, res, 409, error.code, error.message);
    }
    if (error instanceof Invalid || error.status === 400) {
      return fail(req, res, 400, 'validation_failed', 'The request is not valid; see violation.');
    }
    console.error(error);
    return res.headersSent ? next(error) : fail(req, res, 500, 'internal_error', 'Something went wrong here.');
  });

  app.listen(port, '127.0.0.1');
});

function fail(req, res, status, code, message) {
  return res.status(status).json(views.failure(code, message, req.id));
}

-- Verifies one key after the other, with either of the two calls.
local requests = {}
local next_request = 0

function init(args)
  local path, keys, gateway_key = args[1], args[2], args[3]
  for key in io.lines(keys) do
    if path == "/authorize" then
      table.insert(requests, wrk.format("GET", path, { ["x-gateway-key"] = gateway_key, ["x-api-key"] = key }))
    else
      table.insert(requests, wrk.format("POST", path,
        { ["x-api-key"] = gateway_key, ["Content-Type"] = "application/json" }, '{"api_key":"' .. key .. '"}'))
    end
  end
end

function request()
  next_request = next_request % #requests + 1
  return requests[next_request]
end

function done(summary, latency)
  local errors = summary.errors
  io.write(string.format("figures %d %d %d %d\n", summary.requests, summary.duration,
    errors.connect + errors.read + errors.write + errors.status + errors.timeout, latency:percentile(99)))
end

-- Sends one of three calls again and again, and counts the answers by their status.
local threads = {}
good, refused, other = 0, 0, 0

function setup(thread)
  table.insert(threads, thread)
end

function init(args)
  local call, key, customer, customer_key = args[1], args[2], args[3], args[4]
  local headers = { ["x-api-key"] = key, ["Content-Type"] = "application/json" }
  if call == "verify" then
    message = wrk.format("POST", "/api-keys/verify", headers, '{"api_key":"' .. customer_key .. '"}')
  elseif call == "get" then
    message = wrk.format("GET", "/organisations/" .. customer, { ["x-api-key"] = key })
  else
    message = wrk.format("POST", "/organisations", headers,
      '{"organisation_name":"Created","country":"GB","division_timezone":"Etc/UTC"}')
  end
end

function request()
  return message
end

function response(status)
  if status == 200 then
    good = good + 1
  elseif status == 503 then
    refused = refused + 1
  else
    other = other + 1
  end
end

function done(summary, latency)
  local sums = { good = 0, refused = 0, other = 0 }
  for _, thread in ipairs(threads) do
    for name in pairs(sums) do
      sums[name] = sums[name] + thread:get(name)
    end
  end
  local errors = summary.errors
  io.write(string.format("figures %d %d %d %.1f %.1f\n", sums.good, sums.refused,
    sums.other + errors.connect + errors.read + errors.write + errors.timeout,
    latency:percentile(50) / 1000, latency:percentile(99) / 1000))
end

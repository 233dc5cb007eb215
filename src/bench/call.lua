-- Sends one call again and again, and counts the answers by their status. Arguments: method, path, key, body.
local threads = {}
good, refused, other = 0, 0, 0

function setup(thread)
  table.insert(threads, thread)
end

function init(args)
  local method, path, key, body = args[1], args[2], args[3], args[4]
  local headers = { ["x-api-key"] = key }
  if body and body ~= "" then
    headers["Content-Type"] = "application/json"
  end
  message = wrk.format(method, path, headers, body)
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

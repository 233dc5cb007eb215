-- Sends the requests of a file in turn, again and again. A line of the file has method, path, headers (as name=value,
-- separated by semicolons) and body, separated by tabs. Arguments: the file; the status that the answers are to have. It
-- prints how many had it and how many did not, the microseconds, and the median and the 99th percentile of the times of
-- the answers in milliseconds.
local threads = {}
local requests = {}
local next_request = 0
local expected = 200
good, other = 0, 0

function setup(thread)
  table.insert(threads, thread)
end

function init(args)
  expected = tonumber(args[2])
  for line in io.lines(args[1]) do
    local method, path, headers, body = line:match("^(.-)\t(.-)\t(.-)\t(.*)$")
    local fields = {}
    for name, value in headers:gmatch("([^=;]+)=([^;]*)") do
      fields[name] = value
    end
    if body ~= "" then
      fields["Content-Type"] = "application/json"
    end
    table.insert(requests, wrk.format(method, path, fields, body ~= "" and body or nil))
  end
end

function request()
  next_request = next_request % #requests + 1
  return requests[next_request]
end

function response(status)
  if status == expected then
    good = good + 1
  else
    other = other + 1
  end
end

function done(summary, latency)
  local thread = threads[1]
  local errors = summary.errors
  io.write(string.format("figures %d %d %d %.2f %.2f\n", thread:get("good"),
    thread:get("other") + errors.connect + errors.read + errors.write + errors.timeout, summary.duration,
    latency:percentile(50) / 1000, latency:percentile(99) / 1000))
end

-- wrk sends edits of the features of a file, one path a line, in random order:
-- wrk -s edits.lua http://host -- file token
local paths, headers = {}, { ["Content-Type"] = "application/merge-patch+json" }

function init(args)
    for path in io.lines(args[1]) do
        paths[#paths + 1] = path
    end
    headers["Authorization"] = "Bearer " .. args[2]
    -- Each round edits otherwise: what says the same is no edit.
    math.randomseed(os.time())
end

function request()
    local body = string.format('{"properties":{"height_m":%.3f}}', math.random() * 100)
    return wrk.format("PATCH", paths[math.random(#paths)], headers, body)
end

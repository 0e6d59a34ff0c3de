-- wrk asks for the paths of a file, one a line, in random order:
-- wrk -s paths.lua http://host -- file
local paths = {}

function init(args)
    for path in io.lines(args[1]) do
        paths[#paths + 1] = path
    end
    math.randomseed(1)
end

function request()
    return wrk.format("GET", paths[math.random(#paths)])
end

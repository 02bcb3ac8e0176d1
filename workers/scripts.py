"""What Redis does with waiting jobs in one step."""

# A waiting job moves up to the more urgent queue KEYS[1] from one of the queues KEYS[3…].
PROMOTE_LUA = """
for i = 3, #KEYS do
  if redis.call('LREM', KEYS[i], 0, ARGV[1]) > 0 then
    redis.call('RPUSH', KEYS[1], ARGV[1])
    redis.call('HSET', KEYS[2], 'origin', ARGV[2])
    return 1
  end
end
return 0
"""

# An attempt KEYS[2] that waits in the queue KEYS[1] leaves it without a trace; one that does not is left alone.
DROP_LUA = """
if redis.call('LREM', KEYS[1], 0, ARGV[1]) == 0 then return 0 end
redis.call('DEL', KEYS[2])
redis.call('ZREM', KEYS[3], ARGV[1])
return 1
"""

namespace Involute.Actors.Cluster;

/// <summary>Counts connections that have not introduced themselves, for each address and in all.</summary>
internal sealed class Newcomers
{
    /// <summary>At most so many of one address: workers that start at once come by in milliseconds.</summary>
    public const int MostOfOne = 32;

    /// <summary>At most so many in all.</summary>
    public const int Most = 128;

    private readonly Dictionary<string, int> _hosts = [];
    private readonly Lock _gate = new();
    private int _all;

    /// <summary>How many there are.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _all;
            }
        }
    }

    /// <summary>Counts one more, if there is room.</summary>
    public bool TryEnter(string host)
    {
        lock (_gate)
        {
            var here = _hosts.GetValueOrDefault(host);
            if (_all >= Most || here >= MostOfOne)
            {
                return false;
            }

            _hosts[host] = here + 1;
            _all++;
            return true;
        }
    }

    /// <summary>One has introduced itself, or is gone.</summary>
    public void Leave(string host)
    {
        lock (_gate)
        {
            _all--;
            var here = _hosts[host] - 1;
            if (here == 0)
            {
                _hosts.Remove(host);
            }
            else
            {
                _hosts[host] = here;
            }
        }
    }
}

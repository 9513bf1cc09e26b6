using Involute.Tasks.Unrolls;

namespace Involute.Processes.Children;

/// <summary>What all children of a problem say, for those who listen.</summary>
internal sealed class ChildVoice
{
    private const int MostKept = 100;

    private readonly Lock _gate = new();
    private readonly Queue<ProblemLine> _kept = [];
    private Action<ProblemLine>? _said;

    /// <summary>Says one line. The first listener hears what was said before, as far as it was kept.</summary>
    public event Action<ProblemLine>? Said
    {
        add
        {
            ProblemLine[] kept;
            lock (_gate)
            {
                _said += value;
                kept = [.. _kept];
                _kept.Clear();
            }

            foreach (var line in kept)
            {
                value?.Invoke(line);
            }
        }

        remove
        {
            lock (_gate)
            {
                _said -= value;
            }
        }
    }

    /// <summary>Says a line, or keeps it.</summary>
    public void Say(ProblemLine line)
    {
        Action<ProblemLine>? said;
        lock (_gate)
        {
            said = _said;
            if (said is null && _kept.Count < MostKept)
            {
                _kept.Enqueue(line);
            }
        }

        said?.Invoke(line);
    }
}

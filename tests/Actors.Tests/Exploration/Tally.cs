namespace Involute.Actors.Tests.Exploration;

/// <summary>What has happened in all simulations together.</summary>
internal sealed class Tally
{
    private readonly long[] _faults = new long[Enum.GetValues<Fault>().Length];

    /// <summary>How often a message of each type has arrived.</summary>
    public SortedDictionary<string, long> Arrived { get; } = new(StringComparer.Ordinal);

    public long Turns { get; set; }

    /// <summary>Outer steps that the runs had done when their faults stopped.</summary>
    public long StepsUnderFaults { get; set; }

    /// <summary>Outer steps that a learner had recorded before a crash and that were computed again.</summary>
    public long Recomputed { get; set; }

    public long this[Fault fault] => _faults[(int)fault];

    public void Add(Fault fault) => _faults[(int)fault]++;

    public void AddArrival(string type) => Arrived[type] = Arrived.GetValueOrDefault(type) + 1;

    public override string ToString() => $"turns {Turns}, steps under faults {StepsUnderFaults}, recomputed steps {Recomputed}, "
        + string.Join(", ", Enum.GetValues<Fault>().Select(fault => $"{fault} {this[fault]}"))
        + "; " + string.Join(", ", Arrived.Select(entry => $"{entry.Key} {entry.Value}"));
}

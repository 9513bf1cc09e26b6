namespace Involute.Actors.Tests.Exploration;

/// <summary>What has happened in all simulations together.</summary>
internal sealed class Tally
{
    private readonly long[] _faults = new long[Enum.GetValues<Fault>().Length];

    public long Turns { get; set; }

    /// <summary>Outer steps that a learner had recorded, crashed, and computed once more.</summary>
    public long Recomputed { get; set; }

    public long this[Fault fault] => _faults[(int)fault];

    public void Add(Fault fault) => _faults[(int)fault]++;

    public override string ToString() => $"turns {Turns}, recomputed steps {Recomputed}, "
        + string.Join(", ", Enum.GetValues<Fault>().Select(fault => $"{fault} {this[fault]}"));
}

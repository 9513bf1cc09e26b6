using System.Diagnostics;

namespace Involute.Hosting.Configuration;

/// <summary>How long trajectories last.</summary>
public abstract record TruncationSettings
{
    private protected TruncationSettings(int offset) => Offset = offset;

    /// <summary>A name of <see cref="KnownNames.Schedules"/>.</summary>
    public abstract string Schedule { get; }

    /// <summary>The first trajectory's step counter starts uniformly in [0, this); 0 starts all pairs at 0.</summary>
    public int Offset { get; }

    internal abstract IEnumerable<Setting> Options { get; }

    internal static TruncationSettings Read(BlockReader block)
    {
        TruncationSettings settings = block.Name(KnownNames.Schedules) switch
        {
            KnownNames.Constant => new ConstantTruncation(Length(block, "length"), Start(block)),
            KnownNames.NeverEnding => new NeverEndingTruncation(Start(block)),
            KnownNames.Scheduled => new ScheduledTruncation(
                Length(block, "from"),
                Length(block, "to"),
                block.Integer("over", 1, 1_000_000_000),
                block.Number("spread", new NumberRange(0, Ranges.LongestHorizon)),
                Start(block)),
            KnownNames.LogUniform => new LogUniformTruncation(Length(block, "min"), Length(block, "max"), Start(block)),
            var name => throw new UnreachableException($"the table of schedules has {name}, the reader has not"),
        };
        block.Finish();
        return settings;
    }

    private static int Length(BlockReader block, string key) => block.Integer(key, 1, Ranges.LongestHorizon);

    private static int Start(BlockReader block) => block.Integer("offset", 0, Ranges.LongestHorizon);
}

/// <summary>All trajectories last equally long.</summary>
/// <param name="Length">Inner steps.</param>
/// <param name="Offset">Range of the first trajectory's start.</param>
public sealed record ConstantTruncation(int Length, int Offset) : TruncationSettings(Offset)
{
    /// <inheritdoc/>
    public override string Schedule => KnownNames.Constant;

    internal override IEnumerable<Setting> Options =>
        [new("length", HoconText.Of(Length)), new("offset", HoconText.Of(Offset))];
}

/// <summary>The logarithm of the horizon is uniform.</summary>
/// <param name="Min">Least inner steps.</param>
/// <param name="Max">Most inner steps, at least <paramref name="Min"/>.</param>
/// <param name="Offset">Range of the first trajectory's start.</param>
public sealed record LogUniformTruncation(int Min, int Max, int Offset) : TruncationSettings(Offset)
{
    /// <inheritdoc/>
    public override string Schedule => KnownNames.LogUniform;

    internal override IEnumerable<Setting> Options =>
        [new("min", HoconText.Of(Min)), new("max", HoconText.Of(Max)), new("offset", HoconText.Of(Offset))];
}

/// <summary>One trajectory for ever.</summary>
/// <param name="Offset">As in the other schedules; without a reset it only moves the counter.</param>
public sealed record NeverEndingTruncation(int Offset) : TruncationSettings(Offset)
{
    /// <inheritdoc/>
    public override string Schedule => KnownNames.NeverEnding;

    internal override IEnumerable<Setting> Options => [new("offset", HoconText.Of(Offset))];
}

/// <summary>Horizons that change with the outer step in which a trajectory starts.</summary>
/// <param name="From">Horizon at the first outer step.</param>
/// <param name="To">Horizon from outer step <paramref name="Over"/> on.</param>
/// <param name="Over">Outer steps of the change, in a straight line.</param>
/// <param name="Spread">Standard deviation around it, in inner steps.</param>
/// <param name="Offset">As in the other schedules.</param>
public sealed record ScheduledTruncation(int From, int To, int Over, double Spread, int Offset)
    : TruncationSettings(Offset)
{
    /// <inheritdoc/>
    public override string Schedule => KnownNames.Scheduled;

    internal override IEnumerable<Setting> Options =>
    [
        new("from", HoconText.Of(From)),
        new("to", HoconText.Of(To)),
        new("over", HoconText.Of(Over)),
        new("spread", HoconText.Of(Spread)),
        new("offset", HoconText.Of(Offset)),
    ];
}

using Involute.Tasks.Components;

namespace Involute.Tasks.Schedules;

/// <summary>Options of a truncation schedule: how long trajectories last.</summary>
[ComponentKind("truncation", "schedules", NameKey = "schedule")]
public abstract record ScheduleOptions : ComponentOptions
{
    /// <summary>Most inner steps of a trajectory; the mean of a log-uniform schedule is a sum over them.</summary>
    public const int LongestHorizon = 10_000_000;

    /// <summary>The options with an offset of this component's own.</summary>
    protected ScheduleOptions(int offset) => Offset = offset;

    /// <summary>
    /// The first trajectory's step counter starts uniformly in [0, this); 0 starts all pairs at 0, and
    /// <see cref="StationaryStart.Offset"/> where they stand after a long time.
    /// </summary>
    [Option(
        "The first trajectory of each pair counts its steps from a number below this, drawn for each pair, so that "
        + "pairs stand at different inner steps from the start. 0 keeps them in lockstep until horizons differ. A good "
        + "value is the horizon, or the longest one; a first trajectory that would start behind its own horizon trains "
        + "one step. With horizons of different lengths many do, and their pairs begin their second trajectory together: "
        + "stationary lets pairs stand as they do after a long time. The first horizon then has a probability in "
        + "proportion to its length, and its steps count from any of its places.",
        Unit = "inner steps", Least = 0, Most = LongestHorizon, Word = "stationary", WordValue = StationaryStart.Offset,
        Theirs = ["random_initial_iteration_offset"])]
    public int Offset { get; init; }

    /// <summary>Whether trajectories never end, so that estimators that run whole ones cannot use it.</summary>
    public virtual bool NeverEnds => false;

    /// <summary>Makes the schedule.</summary>
    public abstract ITruncationSchedule Create();
}

/// <summary>Options of <see cref="ConstantSchedule"/>.</summary>
[Component("constant", "all trajectories last equally long", Theirs = ["ConstantTruncationSchedule"])]
public sealed record ConstantOptions() : ScheduleOptions(offset: 1000)
{
    /// <summary>Horizon in inner steps, 1 to 10,000,000.</summary>
    [Option(
        "The horizon.", Unit = "inner steps", Least = 1, Most = LongestHorizon,
        Theirs = ["total_length", "unroll_length"])]
    public int Length { get; init; } = 1000;

    /// <inheritdoc/>
    public override ITruncationSchedule Create() => new ConstantSchedule(Length);
}

/// <summary>Options of <see cref="LogUniformSchedule"/>.</summary>
[Component(
    "log-uniform", "drawn for each trajectory: as many from 100 to 1000 as from 1000 to 10000",
    Theirs = ["LogUniformLengthSchedule"])]
public sealed record LogUniformOptions() : ScheduleOptions(offset: 2000)
{
    /// <summary>Shortest horizon in inner steps, 1 to 10,000,000.</summary>
    [Option("Shortest horizon.", Unit = "inner steps", Least = 1, Most = LongestHorizon, Theirs = ["min_length"])]
    public int Min { get; init; } = 100;

    /// <summary>Longest horizon in inner steps, at least <see cref="Min"/>.</summary>
    [Option(
        "Longest horizon; at least min.", Unit = "inner steps", Least = 1, Most = LongestHorizon,
        Theirs = ["max_length"])]
    public int Max { get; init; } = 2000;

    /// <inheritdoc/>
    public override IEnumerable<OptionProblem> Check()
    {
        if (Max < Min)
        {
            yield return new OptionProblem(
                "max", $"{Max} is less than truncation.min = {Min}", "at least truncation.min");
        }
    }

    /// <inheritdoc/>
    public override ITruncationSchedule Create() => new LogUniformSchedule(Min, Max);
}

/// <summary>Options of <see cref="NeverEndingSchedule"/>.</summary>
[Component(
    "never-ending", "one trajectory for ever, for problems that have no end",
    Theirs = ["NeverEndingTruncationSchedule"])]
public sealed record NeverEndingOptions() : ScheduleOptions(offset: 0)
{
    /// <inheritdoc/>
    public override bool NeverEnds => true;

    /// <inheritdoc/>
    public override IEnumerable<OptionProblem> Check()
    {
        if (Offset == StationaryStart.Offset)
        {
            yield return new OptionProblem(
                "offset", "trajectories that never end have no stationary places", $"a whole number from 0 to {LongestHorizon}");
        }
    }

    /// <inheritdoc/>
    public override ITruncationSchedule Create() => new NeverEndingSchedule();
}

/// <summary>Options of <see cref="CurriculumSchedule"/> with one straight line.</summary>
[Component(
    "scheduled", "horizons that grow (or shrink) with the outer step in which a trajectory starts",
    Theirs = ["ScheduledTruncationSchedule"])]
public sealed record ScheduledOptions() : ScheduleOptions(offset: 0)
{
    /// <summary>Horizon at the first outer step.</summary>
    [Option("Horizon at the first outer step.", Unit = "inner steps", Least = 1, Most = LongestHorizon)]
    public int From { get; init; } = 100;

    /// <summary>Horizon at the end of the change.</summary>
    [Option("Horizon at the end of the change.", Unit = "inner steps", Least = 1, Most = LongestHorizon)]
    public int To { get; init; } = 1000;

    /// <summary>Outer steps of the change, in a straight line.</summary>
    [Option("How long the change takes, in a straight line.", Unit = "outer steps", Least = 1, Most = 1_000_000_000)]
    public int Over { get; init; } = 500;

    /// <summary>Standard deviation of horizons around that line, in inner steps.</summary>
    [Option(
        "Standard deviation of horizons around that line.", Unit = "inner steps", Least = 0, Most = LongestHorizon,
        Theirs = ["std"])]
    public double Spread { get; init; }

    /// <inheritdoc/>
    public override ITruncationSchedule Create() => new CurriculumSchedule(
        new PiecewiseLinear((0, From), (Over, To)), new ScheduledLengths(Spread));
}

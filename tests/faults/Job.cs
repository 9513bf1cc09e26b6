using System.Globalization;

namespace Involute.Faults;

/// <summary>What a run trains; runs of the same job must end with the same theta.</summary>
/// <param name="Name">Its name, and that of its reference.</param>
/// <param name="Steps">Outer steps.</param>
/// <param name="Settings">Everything else that is not the default, as <c>KEY=VALUE</c>.</param>
internal sealed record Job(string Name, int Steps, IReadOnlyList<string> Settings)
{
    // More steps than any machine computes during a scenario: such a run is stopped, and compared at the step that it
    // has reached.
    private const int NoEnd = 10_000_000;

    /// <summary>
    /// The main job: pairs out of lockstep, resets inside windows, checkpoints so far apart that a kill loses steps.
    /// </summary>
    public static Job Usual(Options options) => new("usual", options.Steps, ["involute.checkpoint-interval=25"]);

    /// <summary>The main job for scenarios that last for a time, however fast the machine is.</summary>
    public static Job Endless(Options options) => Usual(options) with { Steps = NoEnd };

    /// <summary>A theta of 4 MB, in few steps.</summary>
    public static Job LargeTheta { get; } = new(
        "large-theta",
        40,
        [
            "involute.task=memoryless-linear", "involute.task.dimension=1000000", "involute.pairs=4",
            "involute.pairs-per-actor=2", "involute.checkpoint-interval=5",
        ]);

    /// <summary>Checkpoints of some 2 MB, one after each step.</summary>
    public static Job LargeCheckpoints { get; } = new(
        "large-checkpoints",
        NoEnd,
        [
            "involute.task=memoryless-linear", "involute.task.dimension=200000", "involute.pairs=2",
            "involute.checkpoint-interval=1",
        ]);

    /// <summary>Bytes of the states of <see cref="LargeStates"/>.</summary>
    public const long LargeStateBytes = 30 * 8_000_000L;

    /// <summary>Bytes of the states of <see cref="HugeStates"/>.</summary>
    public const long HugeStateBytes = 520 * 8_000_000L;

    /// <summary>The step of the first checkpoint of <see cref="HugeStates"/>.</summary>
    public const int HugeCheckpoint = 3;

    /// <summary>30 pairs with states of 8 MB each.</summary>
    public static Job LargeStates { get; } = States("large-states", 24, pairs: 30, interval: 5);

    /// <summary>520 pairs with states of 8 MB each.</summary>
    public static Job HugeStates { get; } = States("huge-states", 8, pairs: 520, interval: HugeCheckpoint);

    /// <summary>A run whose database has some pages only.</summary>
    public static Job Small { get; } = new(
        "small",
        6,
        [
            "involute.task=quadratic", "involute.pairs=2", "involute.window=3",
            "involute.truncation={schedule=constant,length=6,offset=0}", "involute.threads=1",
            "involute.checkpoint-interval=2",
        ]);

    /// <summary>A plugin, which workers need too.</summary>
    public static Job Plugin(string folder, params IReadOnlyList<string> more) => new(
        "plugin",
        NoEnd,
        [
            "involute.task=plugin", $"involute.task.folder={folder}", "involute.optimizer=none",
            "involute.checkpoint-interval=25", .. more,
        ]);

    /// <summary>A problem that another program computes.</summary>
    public static Job Foreign(string program) => new(
        "foreign",
        NoEnd,
        [
            $"involute.task={{name=process,command=[\"{program}\"]}}", "involute.optimizer=none", "involute.pairs=8",
            "involute.pairs-per-actor=2", "involute.window=20", "involute.truncation={schedule=constant,length=100,offset=100}",
            "involute.sigma=0.2", "involute.checkpoint-interval=25",
        ]);

    private static Job States(string name, int steps, int pairs, int interval) => new(
        name,
        steps,
        [
            "involute.task=quadratic", "involute.task.dimension=1000000", "involute.optimizer=sgd", "involute.window=1",
            "involute.pairs-per-actor=1", $"involute.pairs={pairs}", $"involute.checkpoint-interval={interval}",
        ]);

    /// <summary>The job as arguments of a command that begins a run.</summary>
    public IEnumerable<string> Arguments =>
        Settings.Prepend($"involute.outer-steps={Steps.ToString(CultureInfo.InvariantCulture)}")
            .SelectMany(setting => (string[])["--set", setting]);
}

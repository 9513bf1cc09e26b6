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

    /// <summary>A plugin, which workers need too.</summary>
    public static Job Plugin(string folder) => new(
        "plugin",
        NoEnd,
        [
            "involute.task=plugin", $"involute.task.folder={folder}", "involute.optimizer=none",
            "involute.checkpoint-interval=25",
        ]);

    /// <summary>The job as arguments of a command that begins a run.</summary>
    public IEnumerable<string> Arguments =>
        Settings.Prepend($"involute.outer-steps={Steps.ToString(CultureInfo.InvariantCulture)}")
            .SelectMany(setting => (string[])["--set", setting]);
}

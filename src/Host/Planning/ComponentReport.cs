using System.Text.Json;
using Involute.Estimators;
using Involute.Estimators.Plans;
using Involute.Host.Output;
using Involute.Runs.Configuration;
using Involute.Runs.Opening;
using Involute.Tasks.InnerTasks;
using Spectre.Console;

namespace Involute.Host.Planning;

/// <summary>What a check of a run's components has found.</summary>
/// <param name="Problem">The inner problem.</param>
/// <param name="Repeated">Whether the same windows give the same, in several ways.</param>
/// <param name="Gradients">The task's gradient against finite differences; empty for a problem without an optimizer.</param>
/// <param name="Shape">What theta and a pair's state are, and what computes them.</param>
/// <param name="Cost">What steps cost.</param>
internal sealed record ComponentReport(
    string Problem, IReadOnlyList<RepeatabilityFinding> Repeated, IReadOnlyList<GradientFinding> Gradients, ProblemShape Shape,
    StepCost Cost)
{
    private const double LargeShare = 0.05;

    /// <summary>Whether nothing is wrong.</summary>
    public bool Holds => Repeated.All(finding => finding.Problem is null) && Gradients.All(finding => finding.Holds);

    /// <summary>Computes it.</summary>
    /// <exception cref="Runs.Plugins.PluginException">A plugin's code threw.</exception>
    public static ComponentReport Of(RunConfiguration configuration, TrainingPlan<float> plan) => ThisComputation.Tried(
        configuration,
        plan,
        () => new ComponentReport(
            plan.Problem.Name,
            RepeatabilityCheck.Of(plan),
            plan.Problem is OptimizedTask { Task: var task } ? GradientCheck.Of(task, plan.Windows.Seed) : [],
            ProblemShape.Of(plan),
            StepCost.Of(plan, TimeProvider.System)));

    /// <summary>Writes it for a person.</summary>
    public void Write(IAnsiConsole console)
    {
        ArgumentNullException.ThrowIfNull(console);
        var writer = console.Profile.Out.Writer;
        foreach (var line in Shape.Lines())
        {
            writer.WriteLine(line);
        }

        writer.WriteLine($"{Problem}: the same windows, computed");
        foreach (var line in TextTable.Lines(
            [.. Repeated.Select(finding => new[] { $"  {Words(finding.Way)}", finding.Problem ?? "same bits" })]))
        {
            writer.WriteLine(line);
        }

        if (Gradients.Count == 0)
        {
            writer.WriteLine("gradient: the problem has no task whose gradient could be compared");
        }
        else
        {
            writer.WriteLine("gradient of the task against finite differences");
            foreach (var line in TextTable.Lines([.. Gradients.Select(Cells)], 1, 2, 3))
            {
                writer.WriteLine(line);
            }
        }

        writer.WriteLine(FormattableString.Invariant(
            $"a step of {Cost.Lanes} lanes takes {Cost.StepSeconds * 1e6:G4} us, a call {Cost.CallSeconds * 1e6:G4} us beside its steps: {Cost.Share:P1} of a window of {Cost.Window} steps"));
        if (Cost.Share > LargeShare)
        {
            writer.WriteLine("longer windows (involute.window), or more pairs in a call (involute.pairs-per-actor), spread that over more steps");
        }

        if (Repeated.FirstOrDefault(finding => finding.Problem is not null) is { Way: var way })
        {
            writer.WriteLine(Advice(way));
        }
    }

    /// <summary>The same for a program.</summary>
    public string ToJson() => JsonSerializer.Serialize(
        new
        {
            problem = Problem,
            holds = Holds,
            theta = Shape.Theta.Select(slice => new { name = slice.Name, shape = slice.Shape }),
            stateBytesPerPair = Shape.StateBytesPerPair,
            computedBy = Shape.Arithmetic,
            stepMicroseconds = Cost.StepSeconds * 1e6,
            callMicroseconds = Cost.CallSeconds * 1e6,
            shareOfCalls = Cost.Share,
            lanes = Cost.Lanes,
            window = Cost.Window,
            repeated = Repeated.Select(finding => new { way = Words(finding.Way), problem = finding.Problem }),
            gradients = Gradients.Select(finding => new
            {
                tensor = finding.Name,
                analytic = Finite(finding.Analytic),
                numeric = Finite(finding.Numeric),
                relativeError = Finite(finding.Error),
                holds = finding.Holds,
            }),
        });

    private static double? Finite(double value) => double.IsFinite(value) ? value : null;

    private static string[] Cells(GradientFinding finding) =>
    [
        $"  {finding.Name}",
        FormattableString.Invariant($"{finding.Analytic:G5}"),
        FormattableString.Invariant($"{finding.Numeric:G5}"),
        FormattableString.Invariant($"error {finding.Error:P2}"),
        finding.Holds ? "ok" : FormattableString.Invariant($"wrong: more than {GradientCheck.Tolerance:P0}"),
    ];

    private static string Words(RepeatedWay way) => way switch
    {
        RepeatedWay.Again => "a second time",
        RepeatedWay.InAnotherProcess => "in another process",
        RepeatedWay.OnTwoThreads => "on two threads",
        RepeatedWay.Restored => "saved and loaded",
        RepeatedWay.AmongOthers => "beside other pairs",
        RepeatedWay.InAnotherOrder => "side by side in another order",
        _ => throw new ArgumentOutOfRangeException(nameof(way)),
    };

    private static string Advice(RepeatedWay way) => way switch
    {
        RepeatedWay.Again =>
            "a step must follow from its key, theta and the lane's state alone: draw with key.Stream, keep no static or other "
                + "state",
        RepeatedWay.InAnotherProcess => "something outside the state and the key decides: time, the number of a process, the order of a hash",
        RepeatedWay.OnTwoThreads => "threads share something that changes: a static field, or a field of the problem",
        RepeatedWay.Restored => "something that a step needs is not in the lane's state",
        RepeatedWay.InAnotherOrder => "a lane's numbers depend on its place among those that step side by side",
        _ => "pairs share something that changes: a static field, or a field of the problem",
    };
}

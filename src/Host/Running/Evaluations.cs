using Involute.Estimators.Plans;
using Involute.Host.Evaluation;
using Involute.Host.Reporting.Plots;
using Involute.Runs.Configuration;
using Involute.Runs.Folders;
using Spectre.Console;

namespace Involute.Host.Running;

/// <summary>What a user asks of an evaluation; null for the default of the problem.</summary>
/// <param name="Threads">Threads to use; no number depends on it.</param>
/// <param name="Trials">Fresh trajectories.</param>
/// <param name="Steps">Inner steps of each.</param>
/// <param name="Json">Print one JSON object.</param>
/// <param name="Name">What the evaluation is called; null for a generated name.</param>
/// <param name="Colours">Colours of the pictures.</param>
/// <param name="Baselines">Tuned baselines beside Adam; null for none, or for those of a transfer table.</param>
internal sealed record EvaluationRequest(
    int Threads, int? Trials = null, int? Steps = null, bool Json = false, string? Name = null,
    PlotColours Colours = PlotColours.Light, IReadOnlyList<Baseline>? Baselines = null);

/// <summary>The evaluations of a run: measured, kept side by side, drawn, printed.</summary>
internal static class Evaluations
{
    private static readonly FilesForPeople Files = new(line => Console.Error.WriteLine($"warning: {line}"));

    /// <summary>Measures a theta on one or more settings.</summary>
    /// <param name="folder">The run, in whose folder the evaluation is kept.</param>
    /// <param name="on">The settings.</param>
    /// <param name="theta">The theta.</param>
    /// <param name="request">How.</param>
    public static void Run(
        RunFolder folder, IReadOnlyList<EvaluatedOn> on, Theta<float> theta, EvaluationRequest request)
    {
        ArgumentNullException.ThrowIfNull(on);
        ArgumentNullException.ThrowIfNull(request);
        var baselines = request.Baselines ?? (on.Count > 1 ? Baseline.OfTransfer : []);
        var results = on.Select(it => it.Run(theta, request.Trials, request.Steps, request.Threads, baselines)).ToList();
        if (results is [var only])
        {
            Keep(folder, theta, only.ToJson(), only, request, path => Draw(only, request, path));
            Print(only, request.Json);
            return;
        }

        var transfer = new TransferReport(results);
        Keep(
            folder, theta, transfer.ToJson(), null, request,
            path => TransferPlot.Write(PlotStyle.For(request.Colours), transfer, path));
        if (request.Json)
        {
            Console.WriteLine(transfer.ToJson());
        }
        else
        {
            transfer.WriteTo(AnsiConsole.Console);
        }
    }

    private static void Keep(
        RunFolder folder, Theta<float> theta, string json, Evaluated? single, EvaluationRequest request, Action<string> draw)
    {
        var content = json + "\n";
        string? kept = null;
        Files.Write(folder.Evaluation, () =>
        {
            Directory.CreateDirectory(folder.Evaluations);
            kept = request.Name ?? EvaluationName.Find(
                folder, theta.Version.Value, single is null ? "transfer" : single.Circumstances.On, content);
            AtomicFile.Write(EvaluationName.FileOf(folder, kept), content);

            // The newest on the settings of the training, where it has always been.
            if (single is { Circumstances.On: null })
            {
                AtomicFile.Write(folder.Evaluation, content);
            }
        });
        Files.Draw(() =>
        {
            if (kept is not null)
            {
                draw(Path.Combine(folder.Evaluations, $"{kept}.png"));
            }

            if (single is { HeldOut: { Circumstances.On: null } report })
            {
                RunPlots.WriteEvaluation(folder, report, request.Colours);
            }
        });
    }

    private static void Draw(Evaluated evaluated, EvaluationRequest request, string path)
    {
        if (evaluated.HeldOut is { } report)
        {
            EvaluationPlot.Write(PlotStyle.For(request.Colours), report, path);
        }
    }

    private static void Print(Evaluated evaluated, bool json)
    {
        if (json)
        {
            Console.WriteLine(evaluated.ToJson());
        }
        else if (evaluated.HeldOut is { } report)
        {
            EvaluationTable.Write(report, AnsiConsole.Console);
        }
        else
        {
            evaluated.Compared!.WriteTo(Console.Out);
        }
    }
}

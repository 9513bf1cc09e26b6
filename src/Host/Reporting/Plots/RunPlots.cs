using Involute.Host.Evaluation;
using Involute.Runs.Configuration;
using Involute.Runs.Folders;

namespace Involute.Host.Reporting.Plots;

/// <summary>Draws a run's pictures from its files; can be done at any time, also while it trains.</summary>
internal static class RunPlots
{
    /// <summary>Meta-loss over outer steps.</summary>
    public const string MetaLoss = "meta-loss.png";

    /// <summary>Inner losses and step counters of single pairs.</summary>
    public const string Pairs = "pairs.png";

    /// <summary>Theta over outer steps.</summary>
    public const string HyperParameters = "hyper-parameters.png";

    /// <summary>The held-out evaluation.</summary>
    public const string Evaluation = "evaluation.png";

    /// <summary>Draws what metrics.csv and pairs.csv hold.</summary>
    /// <param name="folder">The run.</param>
    /// <param name="title">What is trained, for the titles.</param>
    /// <param name="colours">Their colours.</param>
    /// <returns>Paths of the pictures; each lies beside itself as vectors (.svg).</returns>
    /// <exception cref="IOException">A file cannot be read or written.</exception>
    public static IReadOnlyList<string> WriteTraining(
        RunFolder folder, string title, PlotColours colours = PlotColours.Light)
    {
        ArgumentNullException.ThrowIfNull(folder);
        CreatePlotsFolder(folder);
        var metrics = CsvTable.ReadThinned(
            folder.Metrics,
            averaged: MetricsCsv.MeanMetaLoss,
            along: MetricsCsv.OuterStep,
            wanted: name => name is MetricsCsv.OuterStep or MetricsCsv.MeanMetaLoss
                || HyperParametersPlot.Shows(name));
        string[] paths =
            [.. new[] { MetaLoss, Pairs, HyperParameters }.Select(name => Path.Combine(folder.Plots, name))];
        var style = PlotStyle.For(colours);
        MetaLossPlot.Write(style, metrics, CsvTable.Read(folder.Progress), title, paths[0]);
        PairsPlot.Write(style, CsvTable.Read(folder.Pairs, PairsPlot.MostBytes), title, paths[1]);
        HyperParametersPlot.Write(style, metrics, title, paths[2]);
        return paths;
    }

    /// <summary>Draws an evaluation.</summary>
    /// <returns>Path of the picture.</returns>
    /// <exception cref="IOException">It cannot be written.</exception>
    public static string WriteEvaluation(
        RunFolder folder, EvaluationReport report, PlotColours colours = PlotColours.Light)
    {
        ArgumentNullException.ThrowIfNull(folder);
        ArgumentNullException.ThrowIfNull(report);
        CreatePlotsFolder(folder);
        var path = Path.Combine(folder.Plots, Evaluation);
        EvaluationPlot.Write(PlotStyle.For(colours), report, path);
        return path;
    }

    private static void CreatePlotsFolder(RunFolder folder)
    {
        try
        {
            Directory.CreateDirectory(folder.Plots);
        }
        catch (UnauthorizedAccessException e)
        {
            throw new IOException($"cannot create {folder.Plots}: {e.Message}", e);
        }
    }
}

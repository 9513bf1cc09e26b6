using System.Globalization;
using Involute.Host.Reporting;
using Involute.Runs;
using Spectre.Console;

namespace Involute.Host.Planning;

/// <summary>Prints a forecast for the user: one line for each thing that a machine must have.</summary>
internal static class ForecastTable
{
    /// <summary>Writes it.</summary>
    public static void Write(RunForecast forecast, IAnsiConsole console)
    {
        ArgumentNullException.ThrowIfNull(forecast);
        DetailGrid.Write(console, Rows(forecast));
    }

    private static IEnumerable<(string Name, string Value)> Rows(RunForecast it)
    {
        yield return ("theta", Invariant($"{it.ThetaNumbers:#,0} numbers"));
        yield return (
            "pairs", Invariant($"{it.Pairs:#,0} in {it.PairActors:#,0} actors, states of {Bytes(it.StateBytes)} in all"));
        yield return (
            it.Workers == 0 ? "memory" : "memory of learner",
            $"{Bytes(it.MemoryBytes)}; while a checkpoint is written at most {Bytes(it.CheckpointMemoryBytes)}");
        if (it.Workers > 0)
        {
            yield return ("memory of a worker", $"{Bytes(it.WorkerMemoryBytes)}, with {it.Workers} workers");
            yield return ("on the wire", $"{Bytes(it.WireBytesPerStep)} per outer step");
        }

        yield return (
            "checkpoint",
            Invariant($"{Bytes(it.CheckpointBytes)}, about every {Time(it.CheckpointSeconds)}: ")
                + $"{Bytes((long)it.CheckpointBytesPerDay)} written in a day; two are kept");
        yield return ("ledger", $"{Bytes(it.LedgerBytes)} at the end");
        yield return ("metrics and pairs", $"{Bytes(it.TableBytes)} at the end");
        yield return ("kept thetas", Invariant($"{it.KeptThetas:#,0}, {Bytes(it.KeptThetaBytes)} at the end"));
        yield return ("first outer step", $"after {Time(it.FirstStepSeconds)}");
        yield return ("device", it.Device);
        yield return (
            "rate",
            Invariant($"{it.OuterStepsPerSecond:G3} outer steps per second, {it.InnerStepsPerSecond:#,0} inner steps"));
        yield return ("whole run", Invariant($"{it.OuterSteps:#,0} outer steps: {Time(it.WholeRunSeconds)}"));
    }

    private static string Bytes(long bytes) => ByteSize.Text(bytes);

    private static string Time(double seconds) => DurationText.Of(seconds);

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}

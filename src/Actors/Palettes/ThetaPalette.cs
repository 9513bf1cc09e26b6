using System.Text.Json.Nodes;
using Akka.Actor;
using Involute.Commands;
using Involute.Estimators.Plans;
using Involute.Runs.Opening;
using Involute.Tasks;
using Involute.Tasks.Components;

namespace Involute.Actors.Palettes;

/// <summary>The palette <c>theta</c>: what is trained.</summary>
internal sealed class ThetaPalette : RunHandler
{
    // So many values stand in a line of the summary.
    private const int MostValues = 8;

    private static readonly CommandDefinition Summary =
        new("summary", "theta of now, array by array, short ones value by value in natural units");

    private static readonly CommandDefinition Norms = new("norms", "size, mean and largest magnitude of each array of theta");

    private static readonly CommandDefinition History =
        new("history", "theta of some of the outer steps since this process leads: its norm, and how far it moved");

    private static readonly CommandDefinition Save =
        new("save", "keep theta of now in the run's folder, for 'involute export --step'") { Question = "Keep theta of now?" };

    /// <summary>What clients download.</summary>
    public static readonly Palette Palette = new("theta", "what is trained", Summary, Norms, History, Save);

    public ThetaPalette(RunSubject run)
        : base(run)
    {
        On(Summary, call => Finish(SummaryOf(call, run.Open.Plan.Problem.Layout, Known.State.Theta)));
        On(History, call => Finish(HistoryOf(call)));
        On(Save, SaveNow);
        On(Norms, call => Finish(NormsOf(call, run.Open.Plan.Problem.Layout, Known.State.Theta)));
    }

    private string HistoryOf(CommandCall call)
    {
        var thetas = Run.Watch.Thetas();
        return AnswerText.Table(
            call.Json,
            [("outerStep", "outer step"), ("norm", "norm"), ("moved", "moved since the row before")],
            [
                .. thetas.Select((theta, i) => new[]
                {
                    Cell.Of(theta.Version.Value),
                    Cell.Of(Magnitudes.Of(theta.Values).Norm, "G6"),
                    i == 0 ? Cell.None : Cell.Of(Magnitudes.Distance(theta.Values, thetas[i - 1].Values)),
                }),
            ]);
    }

    private void SaveNow(CommandCall call)
    {
        var theta = Known.State.Theta;
        try
        {
            new KeptThetas(Run.Open.Folder).Write(theta);
            Finish(AnswerText.Details(
                call.Json,
                ("outerStep", "outer step", Cell.Of(theta.Version.Value)),
                ("sha256", "sha256", Cell.Of(theta.HashText()))));
        }
        catch (IOException unwritable)
        {
            Fail(unwritable.Message);
        }
    }

    /// <summary>The palette of a run.</summary>
    public static PaletteHandler Of(RunSubject run) => new(Palette, Props.Create(() => new ThetaPalette(run)));

    private static string SummaryOf(CommandCall call, ThetaLayout layout, Theta<float> theta) => AnswerText.Details(
        call.Json,
        [
            ("outerStep", "outer step", Cell.Of(theta.Version.Value)),
            ("length", "length", Cell.Of(theta.Values.Length)),
            ("sha256", "sha256", Cell.Of(theta.HashText())),
            .. layout.Slices.Select(slice => Values(slice, theta)),
        ]);

    private static (string Key, string Name, Cell Value) Values(TensorSlice slice, Theta<float> theta)
    {
        var unit = slice.Length <= MostValues ? NaturalUnit.Of(slice.Name) : null;
        var values = Enumerable.Range(slice.Offset, Math.Min(slice.Length, MostValues))
            .Select(i => unit?.Value(theta.Values[i]) ?? theta.Values[i]).Select(value => Cell.Of(value)).ToList();
        var text = string.Join(' ', values.Select(value => value.Text));
        var name = unit?.Name ?? slice.Name;
        return (name, name.Replace('_', ' '), slice.Shape.Count == 0
            ? values[0]
            : new Cell(
                $"[{string.Join('x', slice.Shape)}] {text}{(slice.Length > MostValues ? " ..." : "")}",
                new JsonArray([.. values.Select(value => value.Value)])));
    }

    private static string NormsOf(CommandCall call, ThetaLayout layout, Theta<float> theta) => AnswerText.Table(
        call.Json,
        [("array", "array"), ("length", "length"), ("norm", "norm"), ("meanAbs", "mean |x|"), ("maxAbs", "max |x|")],
        [
            .. layout.Slices.Select(slice => Row(slice.Name, theta, slice.Offset, slice.Length)),
            Row("theta", theta, 0, theta.Values.Length),
        ]);

    private static Cell[] Row(string name, Theta<float> theta, int offset, int length)
    {
        var it = Magnitudes.Of(theta.Values.Slice(offset, length));
        return
        [
            Cell.Of(name), Cell.Of(length), Cell.Of(it.Norm), Cell.Of(it.MeanAbs), Cell.Of(it.MaxAbs),
        ];
    }
}

using System.Globalization;
using System.Text.Json.Nodes;
using Akka.Actor;
using Involute.Actors.Cluster;
using Involute.Actors.Protocol;
using Involute.Commands;

namespace Involute.Actors.Palettes;

/// <summary>The palette <c>worker</c>: what a worker does.</summary>
internal sealed class WorkerPalette : CommandHandler
{
    private static readonly CommandDefinition Status = new("status", "for which run the worker computes, and which pairs");

    /// <summary>What clients download.</summary>
    public static readonly Palette Palette = new("worker", "this worker", Status);

    public WorkerPalette()
    {
        On(Status, _ => Context.ActorSelection(WorkerNode.WorkerPath).Tell(new ControlProtocol.AskWorker(), Self));
        Receive<ControlProtocol.WorkerStanding>(it => Finish(AnswerText.Details(
            Call!.Json,
            ("state", "state", Cell.Of(it.State)),
            ("run", "run", Cell.Of(it.Run)),
            ("learner", "learner", Cell.Of(it.Learner)),
            ("outerStep", "outer step", Cell.Of(it.Step)),
            ("pairs", "pairs", new Cell(Text(it), new JsonArray([.. it.Blocks.SelectMany(
                block => Enumerable.Range(block.First, block.Count)).Select(pair => JsonValue.Create(pair))]))))));
    }

    /// <summary>The palette of a worker.</summary>
    public static PaletteHandler Handler => new(Palette, Props.Create(() => new WorkerPalette()));

    private static string Text(ControlProtocol.WorkerStanding it)
    {
        const int Most = 12;
        var pairs = it.Blocks.SelectMany(block => Enumerable.Range(block.First, block.Count)).Order().ToList();
        var first = string.Join(' ', pairs.Take(Most));
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{pairs.Count}{(pairs.Count > 0 ? ": " : "")}{first}{(pairs.Count > Most ? " ..." : "")}");
    }
}

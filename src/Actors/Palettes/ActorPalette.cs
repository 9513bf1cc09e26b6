using Akka.Actor;
using Involute.Commands;

namespace Involute.Actors.Palettes;

/// <summary>The palette <c>actor</c>: the actors of this node, for who looks for a fault in the program.</summary>
internal sealed class ActorPalette : CommandHandler
{
    private const int MostDepth = 20;
    private const int MostActors = 2000;

    private static readonly ArgumentDefinition Depth = new("DEPTH", "levels below the start; 4 if absent") { Switch = "-d" };
    private static readonly ArgumentDefinition Start = new("PATH", "the actor to start at; /user if absent") { Switch = "-s" };

    private static readonly CommandDefinition System = new("system", "name, address and uptime of the actor system");
    private static readonly CommandDefinition Hierarchy = new("hierarchy", "the actors with their types", Depth, Start);

    /// <summary>What clients download.</summary>
    public static readonly Palette Palette = new("actor", "the actors of the node", System, Hierarchy);

    public ActorPalette()
    {
        On(System, call => Finish(AnswerText.Details(
            call.Json,
            ("name", "name", Cell.Of(Context.System.Name)),
            ("address", "address", Cell.Of(((ExtendedActorSystem)Context.System).Provider.DefaultAddress.ToString())),
            ("uptimeSeconds", "uptime", Cell.Of(Context.System.Uptime)))));
        On(Hierarchy, Walk);
    }

    /// <summary>The palette of any node.</summary>
    public static PaletteHandler Handler => new(Palette, Props.Create(() => new ActorPalette()));

    private void Walk(CommandCall call)
    {
        var system = (ExtendedActorSystem)Context.System;
        var path = call.Text(Start) ?? "/user";
        var at = (path.StartsWith("/system", StringComparison.Ordinal) ? system.SystemGuardian
            : path.StartsWith("/user", StringComparison.Ordinal) ? system.Guardian : null) as ActorRefWithCell;
        foreach (var name in path.Split('/', StringSplitOptions.RemoveEmptyEntries).Skip(1))
        {
            at = Children(at).FirstOrDefault(child => child.Path.Name == name);
        }

        if (at is null)
        {
            throw new CommandRefusedException($"-s {path}: there is no such actor; allowed: a path such as /user or /system");
        }

        List<Cell[]> rows = [];
        Add(at, (int)(call.Number(Depth, 0, MostDepth) ?? 4), rows);
        Write(AnswerText.Table(call.Json, [("path", "path"), ("type", "type")], [.. rows.Take(MostActors)]));
        if (!call.Json)
        {
            Write(rows.Count <= MostActors ? $"{rows.Count} actors" : $"{MostActors} actors and more: start deeper (-s)");
        }

        Finish();
    }

    private static void Add(ActorRefWithCell actor, int depth, List<Cell[]> rows)
    {
        if (rows.Count > MostActors)
        {
            return;
        }

        var type = (actor as LocalActorRef)?.Cell.Props.Type.Name;
        rows.Add([Cell.Of(actor.Path.ToStringWithoutAddress()), Cell.Of(type)]);
        foreach (var child in depth > 0 ? Children(actor) : [])
        {
            Add(child, depth - 1, rows);
        }
    }

    private static IEnumerable<ActorRefWithCell> Children(ActorRefWithCell? actor) =>
        (actor?.Children ?? []).OfType<ActorRefWithCell>().OrderBy(child => child.Path.Name, StringComparer.Ordinal);
}

using Akka.Actor;
using Involute.Commands;

namespace Involute.Actors.Palettes;

/// <summary>The command <c>version</c>: which program the node is.</summary>
internal sealed class VersionPalette : CommandHandler
{
    private static readonly CommandDefinition Only = new("", "the node's program, runtime and process");

    /// <summary>What clients download.</summary>
    public static readonly Palette Palette = new("version", "the node's program", Only);

    public VersionPalette(string program)
    {
        On(Only, call => Finish(AnswerText.Details(
            call.Json,
            ("program", "program", Cell.Of(program)),
            ("runtime", "runtime", Cell.Of(System.Runtime.InteropServices.RuntimeInformation.FrameworkDescription)),
            ("system", "system", Cell.Of(System.Runtime.InteropServices.RuntimeInformation.OSDescription)),
            ("processId", "process", Cell.Of(Environment.ProcessId)),
            ("workingSetBytes", "memory", new Cell(
                $"{Environment.WorkingSet >> 20} MiB", System.Text.Json.Nodes.JsonValue.Create(Environment.WorkingSet))))));
    }

    /// <summary>The palette of a program.</summary>
    public static PaletteHandler Of(string program) => new(Palette, Props.Create(() => new VersionPalette(program)));
}

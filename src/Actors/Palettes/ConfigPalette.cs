using Akka.Actor;
using Involute.Actors.Protocol;
using Involute.Commands;

namespace Involute.Actors.Palettes;

/// <summary>The palette <c>config</c>: the settings that the run goes by.</summary>
internal sealed class ConfigPalette : RunHandler
{
    private static readonly ArgumentDefinition Part = new("PART", "only keys with this in them");
    private static readonly CommandDefinition Show = new("show", "the settings of the run, one below the other", Part);

    /// <summary>What clients download.</summary>
    public static readonly Palette Palette = new("config", "the run's settings", Show);

    public ConfigPalette(RunSubject run)
        : base(run)
    {
        Hear<ControlProtocol.Standing>();
        On(Show, call => Ask<ControlProtocol.Standing>(new ControlProtocol.AskStanding(), standing =>
        {
            var settings = standing.Settings.Settings.Where(
                setting => call.Text(Part) is not { } part || setting.Key.Contains(part, StringComparison.Ordinal));
            Finish(string.Join('\n', settings.Select(setting => call.Json
                ? AnswerText.Details(true, ("key", "", Cell.Of(setting.Key)), ("value", "", Cell.Of(setting.Value)))
                : TerminalLines.Behind($"{setting.Key} = ", setting.Value))));
        }));
    }

    /// <summary>The palette of a run.</summary>
    public static PaletteHandler Of(RunSubject run) => new(Palette, Props.Create(() => new ConfigPalette(run)));
}

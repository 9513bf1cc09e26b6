using Akka.Actor;
using Involute.Commands;

namespace Involute.Actors.Tests.Hosting;

/// <summary>A palette of one's own, as docs/console.md shows it: two commands, one of which goes on until Ctrl-C.</summary>
internal sealed class MachinePalette : CommandHandler, IWithTimers
{
    private static readonly ArgumentDefinition Seconds = new("SECONDS", "between two lines; 1 if absent") { Switch = "-s" };
    private static readonly CommandDefinition Show = new("show", "cores and memory of this process");
    private static readonly CommandDefinition Watch = new("watch", "the same again and again", Seconds) { IsStream = true };
    private static readonly Palette Palette = new("machine", "the machine that the node runs on", Show, Watch);

    public MachinePalette()
    {
        On(Show, _ => Finish(Line()));
        On(Watch, call => Timers.StartPeriodicTimer(
            "watch", "look", TimeSpan.Zero, TimeSpan.FromSeconds(call.Number(Seconds, 1, 60) ?? 1)));
        Receive<string>(_ => Write(Line()));
    }

    public ITimerScheduler Timers { get; set; } = null!;

    public static PaletteHandler Handler { get; } = new(Palette, Props.Create(() => new MachinePalette()));

    private static string Line() => $"{Environment.ProcessorCount} cores, {Environment.WorkingSet >> 20} MiB";
}

using Akka.Actor;
using Akka.Event;
using Involute.Actors.Learning;
using Involute.Commands;

namespace Involute.Actors.Palettes;

/// <summary>The palette <c>log</c>: what the node tells its user, and what its actor system tells only on request.</summary>
internal sealed class LogPalette : CommandHandler
{
    private static readonly string[] Levels = ["debug", "info", "warning", "error"];

    private static readonly ArgumentDefinition Rows =
        new("ROWS", "lines from before that are shown first; 10 if absent") { Switch = "-n" };

    private static readonly ArgumentDefinition TailLevel =
        new("LEVEL", "also lines of the actor system from this level on") { Switch = "-l", Values = Levels };

    private static readonly ArgumentDefinition NewLevel = new("LEVEL", "debug, info, warning or error") { Values = Levels };

    private static readonly CommandDefinition Tail = new("tail", "the node's lines as they come", Rows, TailLevel)
    {
        IsStream = true,
    };

    private static readonly CommandDefinition Level =
        new("level", "from which level on the actor system makes lines; for who looks for a fault", NewLevel);

    /// <summary>What clients download.</summary>
    public static readonly Palette Palette = new("log", "what the node tells", Tail, Level);

    public LogPalette(NodeLines lines)
    {
        On(Tail, call => Follow(call, lines));
        On(Level, call =>
        {
            if (call.Text(NewLevel) is { } text)
            {
                Context.System.EventStream.SetLogLevel(LevelOf(text));
            }

            Finish(AnswerText.Details(
                call.Json,
                ("level", "level", Cell.Of(Levels[Math.Clamp((int)Context.System.EventStream.LogLevel, 0, Levels.Length - 1)]))));
        });
        Receive<LogNews>(it => Tell(it.Time, it.Line));
        Receive<LogEvent>(it => Tell(
            new DateTimeOffset(it.Timestamp, TimeSpan.Zero), $"{Levels[(int)it.LogLevel()]}: {LogLine.Of(it)}"));
    }

    /// <summary>The palette of a node.</summary>
    public static PaletteHandler Of(NodeLines lines) => new(Palette, Props.Create(() => new LogPalette(lines)));

    // Akka's event stream forgets subscribers that have stopped; this one says so itself.
    protected override void PostStop() => Context.System.EventStream.Unsubscribe(Self);

    private void Follow(CommandCall call, NodeLines lines)
    {
        var count = (int)(call.Number(Rows, 0, NodeLines.Kept) ?? 10);
        Context.System.EventStream.Subscribe(Self, typeof(LogNews));
        if (call.Text(TailLevel) is { } text)
        {
            var level = LevelOf(text);
            foreach (var (type, its) in new[]
            {
                (typeof(Debug), LogLevel.DebugLevel), (typeof(Info), LogLevel.InfoLevel),
                (typeof(Warning), LogLevel.WarningLevel), (typeof(Error), LogLevel.ErrorLevel),
            })
            {
                if (its >= level)
                {
                    Context.System.EventStream.Subscribe(Self, type);
                }
            }
        }

        foreach (var line in lines.Lines.TakeLast(count))
        {
            Tell(line.Time, line.Line);
        }
    }

    private static LogLevel LevelOf(string text) => Array.IndexOf(Levels, text) is >= 0 and var level
        ? (LogLevel)level
        : throw new CommandRefusedException($"LEVEL {text}: allowed: {string.Join(", ", Levels)}");

    private void Tell(DateTimeOffset time, string line) =>
        Write(AnswerText.Event(Call!.Json, time, line, ("line", Cell.Of(line))));
}

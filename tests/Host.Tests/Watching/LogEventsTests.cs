using Involute.Host.Watching;
using Involute.Tests;
using Xunit;

namespace Involute.Host.Tests.Watching;

public sealed class LogEventsTests : IDisposable
{
    private readonly ScratchFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Each_line_is_read_once_also_when_the_log_is_full_and_another_begins()
    {
        var path = _folder.File("log.jsonl");
        var log = new LogEvents(path);
        log.Refresh();
        File.WriteAllText(path, Line("started", 0, "run a begins") + "no JSON\n{\"torn\n" + Line("worker-joined", 3, "worker b joined"));
        log.Refresh();
        log.Refresh();
        File.Move(path, _folder.File("log.1.jsonl"));
        File.WriteAllText(path, Line("taken-over", 7, "this process leads run a now"));
        log.Refresh();

        Assert.Equal(
            [
                ("learner", 0L, "run a begins"), ("node", 3, "worker b joined"),
                ("learner", 7, "a standby leads the run now, from the checkpoint of outer step 7; the learner before it is gone"),
            ],
            log.Lines.Select(line => (line.Kind, line.Step!.Value, line.Told)));
    }

    private static string Line(string name, long step, string text) =>
        $$"""{"time":"2026-11-28T08:00:00.000Z","level":"info","event":"{{name}}","run":"a","step":{{step}},"text":"{{text}}"}""" + "\n";
}

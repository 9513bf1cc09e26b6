using System.Text;
using Involute.Host.Evaluation;
using Involute.Host.Listing;
using Involute.Host.Reporting;
using Involute.Host.Reporting.Live;
using Spectre.Console;
using Xunit;

namespace Involute.Host.Tests.Listing;

/// <summary>What <c>runs</c> and its commands print, word for word, and that it fits a terminal of 80 columns.</summary>
public sealed class RunAnswersTests
{
    private const int Columns = 80;
    private const string LongName = "fashion-mnist-8-relu32-with-a-name-of-sixty-four-letters-and-001";
    private const string Server = "postgresql 127.0.0.1:5432/involute";

    private static readonly DateTimeOffset Time = new(2026, 11, 28, 12, 0, 0, TimeSpan.Zero);
    private static readonly string Theta = string.Concat(Enumerable.Repeat("0123456789abcdef", 4));
    private static readonly string Settings = string.Concat(Enumerable.Repeat("fedcba9876543210", 4));

    private static ComparedRun First { get; } = new(
        "first", 600, new Statistic(0.619012, 0.00861), new Statistic(0.6178, 0.01), 0.5975, null, null);

    [Fact]
    public async Task The_answers_are_what_they_were()
    {
        var text = new StringBuilder();
        void Answer(string command, IEnumerable<string> lines) =>
            text.Append("$ ").Append(command).Append('\n').AppendJoin('\n', lines).Append("\n\n");

        Answer("runs", RunListText.Lines(Listed(), Columns));
        Answer("runs show first", Shown(Running()));
        Answer("runs show fork", Shown(Finished()));
        Answer("runs show elsewhere", Shown(Stored()));
        Answer("runs compare first fork", ComparedRun.Lines(
            [
                First,
                new ComparedRun(
                    "fork", 800, new Statistic(0.682512, 0.01512), new Statistic(0.6825, 0.01), 0.6369,
                    new Statistic(0.0635, 0.0174), "worse"),
            ],
            "outer step", 600, Columns));
        Answer(
            $"runs compare first {LongName} --by inner-steps",
            ComparedRun.Lines(
                [
                    First,
                    new ComparedRun(
                        LongName, 12_345_678, new Statistic(-1.2345678e-5, 1.23e-6), new Statistic(-1.2345678e-5, 1e-6), -1.3e-5,
                        new Statistic(-0.61902435, 0.00861), "better"),
                ],
                "inner steps", 1_234_567, Columns));
        Answer("runs diff first fork", RunDifference.Lines("first", "fork", Differences("off"), Columns));
        Answer($"runs diff first {LongName}", RunDifference.Lines(
            "first", LongName, Differences("/a/folder/" + new string('x', 60) + "/of data"), Columns));
        Answer("runs diff first elsewhere", RunDifference.Lines(
            "first", "elsewhere", RunDifference.OfIdentities(Settings, Theta), Columns, ["elsewhere"]));
        Answer("runs diff first copy", RunDifference.Lines("first", "copy", [], Columns));
        Answer($"runs diff {LongName} elsewhere", RunDifference.Lines(LongName, "elsewhere", [], Columns, ["elsewhere"]));

        Assert.DoesNotContain(text.ToString().Split('\n'), line => line.Length > Columns && !line.StartsWith('$'));
        Assert.Equal(
            await File.ReadAllTextAsync(
                Path.Combine(AppContext.BaseDirectory, "runs", "answers.txt"), TestContext.Current.CancellationToken),
            text.ToString());
    }

    private static ListedRun[] Listed() =>
    [
        new(
            "first", "running", 212, 600, 39.26, 11_100, 0.1, 0.60602, 0.59051, "fashion-mnist-8-relu32", "adam",
            "persistent-es", "folder", "/runs/first", null),
        new(
            LongName, "finished", 4000, 4000, 1234.5, 100_000, 50_000, 0.00123456, 0.00098765, "image-mlp", "adafac-mlp",
            "noise-reuse-es", Server, $"/runs/{LongName}", null),
        new(
            "fork", "interrupted", 300, 600, 0.0123, 86_400, 3600, 0.7, null, "quadratic", "sgdm", "full-es", "folder",
            "/runs/fork", null, new ForkOrigin("first", 100)),
        new("elsewhere", ListedRun.Stored, 7, null, null, null, null, 0.5, null, null, null, null, Server, null, null),
        new(
            "odd", ListedRun.Unreadable, 0, null, null, null, null, null, null, null, null, null, "folder", "/runs/odd",
            "/runs/odd/config.conf: the file is empty; allowed: settings in a block involute { … }"),
    ];

    private static RunSummary Running() => new(
        "first", "running", 212, Theta, 0.60602345, 42, Settings, "persistent-es", "fashion-mnist-8-relu32", 200, null,
        new RunProgress(600, 39.26, 38.1, 5564, 9.88, new LiveStatus(
            Time, 1, 212, 600, 5564, 39.26, 60_000, 96, Time.AddSeconds(-3),
            [
                new LiveNode("127.0.0.1:4001", 2, 613, 0.0027, 1.5, 0.82),
                new LiveNode("worker-in-another-building.example.org:40001", 64, 12_345, 0.0027, 0.5, 0.99),
            ],
            [
                new LivePairs(6, 1, 0.0038, "127.0.0.1:4001"), new LivePairs(8, 2, 0.002, "127.0.0.1:4001"),
                new LivePairs(10_000, 100, 12.3, "127.0.0.1:4001"), new LivePairs(20_000, 100, 1.2, "127.0.0.1:4001"),
            ],
            1,
            [new LiveWarning(Time, "worker 127.0.0.1:4001 computes a window in 1.5 times the mean time of all nodes")])));

    private static RunSummary Finished() => new(
        "fork", "finished", 600, Theta, 0.0001234, -7, Settings, "full-es", "quadratic", 600,
        new SortedDictionary<string, object?> { ["learning_rate"] = 0.0123456, ["momentum"] = 0.9 },
        new RunProgress(600, null, 38.1, 15, null, null), new ForkOrigin("first", 100));

    private static RunSummary Stored() => new(
        "elsewhere", ListedRun.Stored, 7, Theta, 0.5, null, null, null, null, 5, null,
        new RunProgress(null, null, 1.25, 5.6, null, null), null, Server);

    private static RunDifference[] Differences(string value) =>
    [
        new("involute.optimizer.name", "adam", "sgdm"), new("involute.optimizer.momentum", null, "0.9"),
        new("involute.meta-optimizer.clip-value", "0.5", value), new("fingerprint of a trial", "d0eebd7eb14f", "9de788f57afc"),
    ];

    private static string[] Shown(RunSummary summary)
    {
        using var text = new StringWriter();
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = AnsiSupport.No,
            Out = new AnsiConsoleOutput(text),
        });
        console.Profile.Width = Columns;
        summary.WriteTo(console);
        return [.. text.ToString().TrimEnd().Split('\n').Select(line => line.TrimEnd())];
    }
}

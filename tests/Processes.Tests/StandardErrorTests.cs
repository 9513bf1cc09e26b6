using System.Diagnostics;
using Involute.Processes.Children;
using Involute.Tasks.Unrolls;
using Xunit;

namespace Involute.Processes.Tests;

/// <summary>What a child writes to its standard error is said, as far as a log takes it, and never holds the child up.</summary>
[Trait("Speed", "slow")]
public sealed class StandardErrorTests
{
    [Fact]
    public void A_flood_of_lines_is_counted()
    {
        var said = Flood("mb=100");

        Assert.Equal(LinePace.Most + 1, said.Count);
        Assert.All(said.Take(LinePace.Most), line => Assert.Equal("a line of a flood", line.Text));
        Assert.StartsWith("and ", said[^1].Text, StringComparison.Ordinal);
        var text = 4096 * "a line of a flood\n".Length;
        var lines = (100_000_000L + text - 1) / text * 4096 * 2;
        Assert.Equal($"and {lines - LinePace.Most} more lines (at most {LinePace.Most} in 60 s are told)", said[^1].Text);
    }

    [Fact]
    public void One_endless_line_is_cut()
    {
        var before = Process.GetCurrentProcess().WorkingSet64;
        var said = Flood("mb=1000", "endless=1");

        Assert.Equal(new string('x', 500) + '…', Assert.Single(said).Text);
        Assert.InRange(Process.GetCurrentProcess().WorkingSet64 - before, long.MinValue, 200 << 20);
    }

    [Fact]
    public void The_end_waits_until_the_last_line_has_been_told()
    {
        // The line ends with the child, and who hears it takes longer than the child for its end.
        using var never = new ManualResetEventSlim();

        Assert.Single(Flood(_ => never.Wait(TimeSpan.FromMilliseconds(500)), "mb=1", "endless=1"));
    }

    [Fact]
    public void Lines_from_before_someone_listened_come_first_and_name_no_pair()
    {
        using var problem = TestChild.Start("greets-loudly", "drift");
        var said = new List<ProblemLine>();
        problem.Said += said.Add;

        Assert.Equal(new ProblemLine(null, "a warning of \\u001b[31mred\\u001b[0m"), Assert.Single(said));
    }

    private static List<ProblemLine> Flood(params string[] how) => Flood(_ => { }, how);

    private static List<ProblemLine> Flood(Action<ProblemLine> before, params string[] how)
    {
        var said = new List<ProblemLine>();
        using (var problem = TestChild.Start(["floods", "drift", .. how]))
        {
            problem.Said += line =>
            {
                before(line);
                lock (said)
                {
                    said.Add(line);
                }
            };
            using var lanes = new Lanes(problem);
            lanes.Run();
            lanes.Run();
        }

        return said;
    }
}

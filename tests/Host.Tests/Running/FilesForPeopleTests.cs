using Involute.Host.Running;
using Xunit;

namespace Involute.Host.Tests.Running;

public sealed class FilesForPeopleTests
{
    private readonly List<string> _lines = [];

    [Fact]
    public void A_file_that_lacks_steps_is_told_of_twice()
    {
        var files = new FilesForPeople(_lines.Add);
        files.WriteStep("metrics.csv", 1, Nothing);
        files.WriteStep("metrics.csv", 2, Fail);
        files.WriteStep("pairs.csv", 2, Nothing);
        files.WriteStep("metrics.csv", 3, Fail);
        files.WriteStep("metrics.csv", 4, Nothing);
        files.WriteStep("metrics.csv", 5, Nothing);
        Assert.Equal(
            [
                "metrics.csv cannot be written: no space; the run goes on, and each step tries again",
                "metrics.csv is written again; it lacks outer steps 2 to 3",
            ],
            _lines);
    }

    [Fact]
    public void A_file_that_is_not_open_at_first_lacks_nothing_if_the_first_step_opens_it()
    {
        var files = new FilesForPeople(_lines.Add);
        files.Open("metrics.csv", 8, Fail);
        files.WriteStep("metrics.csv", 8, Nothing);
        files.Open("pairs.csv", 8, Fail);
        files.WriteStep("pairs.csv", 8, Fail);
        files.WriteStep("pairs.csv", 9, Nothing);
        Assert.Equal(
            [
                "metrics.csv cannot be written: no space; the run goes on, and each step tries again",
                "metrics.csv is written again",
                "pairs.csv cannot be written: no space; the run goes on, and each step tries again",
                "pairs.csv is written again; it lacks outer steps 8 to 8",
            ],
            _lines);
    }

    [Fact]
    public void A_bug_in_what_writes_is_not_taken_for_a_full_disk() => Assert.Throws<InvalidOperationException>(
        () => new FilesForPeople(_lines.Add).Write("a", () => throw new InvalidOperationException()));

    private static void Nothing()
    {
    }

    private static void Fail() => throw new IOException("no space");
}

using Involute.Host.Reporting;
using Involute.Tasks.Optimizers;
using Involute.Tests;
using Xunit;

namespace Involute.Host.Tests.Reporting;

public sealed class PairsCsvTests : IDisposable
{
    private readonly ScratchFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Holds_the_first_eight_pairs_and_resumes_byte_for_byte()
    {
        var steps = SmallRun.Steps(new LearnableSgd(), 10);
        var (whole, resumed) = (_folder.File("whole.csv"), _folder.File("resumed.csv"));
        Write(whole, 0, steps);
        Write(resumed, 0, steps[..7]);
        File.AppendAllText(resumed, "8,0,12,3");
        Write(resumed, 5, steps[5..]);

        Assert.Equal(File.ReadAllBytes(whole), File.ReadAllBytes(resumed));
        var table = CsvTable.Read(whole);
        Assert.Equal(80, table.Rows);
        Assert.Equal(Enumerable.Range(0, 80).Select(row => (double)(row % 8)), table["pair"]);
        Assert.Equal(steps.SelectMany(step => step.Reports.Take(8)).Select(r => (double)r.InnerStepAfter), table["inner_step_after"]);
    }

    private static void Write(string path, long resumeFrom, Estimators.OuterStepResult<float>[] steps)
    {
        using var csv = PairsCsv.Open(path, resumeFrom, Assert.Fail);
        Array.ForEach(steps, csv.Append);
    }
}

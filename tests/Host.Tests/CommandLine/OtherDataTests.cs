using System.IO.Compression;
using Involute.Tests;
using Xunit;

namespace Involute.Host.Tests.CommandLine;

/// <summary>A run whose data files have another content under the same path is refused.</summary>
[Trait("Speed", "slow")]
public sealed class OtherDataTests : IDisposable
{
    private readonly RunsOnDisk _runs = new();
    private readonly ScratchFolder _data = new();

    public void Dispose()
    {
        _runs.Dispose();
        _data.Dispose();
    }

    [Fact]
    public async Task Inverted_images_end_resume_eval_and_verify_with_65_and_restored_ones_go_on()
    {
        IdxFiles.Write(_data.Path);
        var images = _data.File(IdxFiles.TrainImages);
        var original = await File.ReadAllBytesAsync(images, TestContext.Current.CancellationToken);
        (await TrainAsync("a", 6)).Expect(0);
        (await TrainAsync("b", 9)).Expect(0);

        byte[] inverted = [.. original[..16], .. original[16..].Select(pixel => (byte)(255 - pixel))];
        await File.WriteAllBytesAsync(images, inverted, TestContext.Current.CancellationToken);
        var before = await StepsAsync("a");
        const string Line = "run a: computation: the run's data is not what it was: data (";
        (await _runs.ResumeAsync("a", "outer-steps=9")).ExpectOneLine(65, Line, "restore the data files");
        (await RunAsync("eval", "a")).ExpectOneLine(65, Line);
        (await RunAsync("verify", "a")).ExpectOneLine(65, "run a: computation: the run's data is not what it was");
        Assert.Equal(before, await StepsAsync("a"));

        await CompressAsync(images, original);
        (await RunAsync("verify", "a", "--replay")).Expect(0);
        Assert.Empty((await _runs.ResumeAsync("a", "outer-steps=9")).Expect(0).Errors);
        Assert.Equal(await _runs.ThetaAsync("b"), await _runs.ThetaAsync("a"));
    }

    [Fact]
    public async Task A_table_with_one_other_number_ends_resume_with_65_and_a_missing_one_does_not_stop_verify()
    {
        var table = _data.File("table.csv");
        var rows = Enumerable.Range(0, 90).Select(row => $"{row % 7},{row % 11},{row % 5}").ToArray();
        await File.WriteAllLinesAsync(table, rows, TestContext.Current.CancellationToken);
        (await _runs.TrainAsync(
            "a", $"task={{ name = mlp-regression, data-file = \"{table}\", batch-size = 4, hidden = [3] }}",
            "outer-steps=3")).Expect(0);

        // The last row may be one that the trial never sees.
        rows[^1] = "1,2,4.5";
        await File.WriteAllLinesAsync(table, rows, TestContext.Current.CancellationToken);
        (await _runs.ResumeAsync("a", "outer-steps=4")).ExpectOneLine(65, "the run's data is not what it was");

        File.Delete(table);
        var verified = (await RunAsync("verify", "a")).Expect(0);
        Assert.Contains("this program was not compared: ", verified.AllOutput, StringComparison.Ordinal);
    }

    private Task<InvoluteOutcome> TrainAsync(string run, int steps) => _runs.TrainAsync(
        run, $"task={{ name = image-mlp, data-folder = \"{_data.Path}\", batch-size = 1, hidden = [] }}",
        $"outer-steps={steps}");

    private Task<InvoluteOutcome> RunAsync(string command, string run, params string[] more) =>
        InvoluteProcess.RunAsync([command, run, "--runs", _runs.Path, .. more]);

    private async Task<int> StepsAsync(string run) => (await _runs.ShowAsync(run)).GetProperty("outerStep").GetInt32();

    // The same content in another form is the same data.
    private static async Task CompressAsync(string path, byte[] content)
    {
        File.Delete(path);
        await using var gzip = new GZipStream(File.Create(path + ".gz"), CompressionMode.Compress);
        await gzip.WriteAsync(content, TestContext.Current.CancellationToken);
    }
}

using Involute.Estimators.Plans;
using Involute.Runs.Configuration;
using Involute.Runs.Folders;
using Involute.Runs.Opening;
using Involute.Tests;
using Xunit;

namespace Involute.Runs.Tests.Opening;

public sealed class KeptThetasTests : IDisposable
{
    private readonly ScratchFolder _runs = new();
    private readonly RunFolder _folder;
    private readonly KeptThetas _kept;

    public KeptThetasTests()
    {
        _folder = RunFolder.Create(_runs.Path, "run", "");
        _kept = new KeptThetas(_folder);
    }

    public void Dispose() => _runs.Dispose();

    [Fact]
    public void What_is_kept_is_read_back_if_its_hash_is_the_ledgers()
    {
        Assert.Empty(_kept.Steps());
        var theta = Theta(20, 1, -2.5f, 3);
        _kept.Write(Theta(20, 0, 0, 0));
        _kept.Write(theta);
        _kept.Write(Theta(3, 4, 5, 6));
        File.WriteAllText(Path.Combine(_folder.Thetas, "note.f32"), "");
        File.WriteAllText(Path.Combine(_folder.Thetas, "9.f32.tmp"), "");

        Assert.Equal([3L, 20], _kept.Steps());
        var read = _kept.Read(20, 3, theta.HashText());
        Assert.Equal(new ThetaVersion(20), read.Version);
        Assert.Equal(theta.Values, read.Values);
    }

    [Fact]
    public void Anything_else_is_refused()
    {
        var theta = Theta(20, 1, -2.5f, 3);
        _kept.Write(theta);
        Assert.Contains(
            "not the theta that the ledger has for outer step 20",
            Assert.Throws<InvalidDataException>(() => _kept.Read(20, 3, Theta(20, 1, -2.5f, 4).HashText())).Message,
            StringComparison.Ordinal);
        Assert.Throws<InvalidDataException>(() => _kept.Read(20, 3, sha256: ""));
        Assert.Contains(
            "12 bytes, and theta has 16",
            Assert.Throws<InvalidDataException>(() => _kept.Read(20, 4, theta.HashText())).Message,
            StringComparison.Ordinal);
        Assert.ThrowsAny<IOException>(() => _kept.Read(21, 3, theta.HashText()));
    }

    [Fact]
    public void What_cannot_be_written_is_an_IOException()
    {
        File.WriteAllText(_folder.Thetas, "in the way");
        Assert.ThrowsAny<IOException>(() => _kept.Write(Theta(1, 1)));
        Assert.Empty(_kept.Steps());
    }

    // Few, and small: at most 256, and at most 64 MiB, of which a theta of 4 MiB takes 16; always round numbers.
    [Theory]
    [InlineData(600, 4, 5)]
    [InlineData(256, 4, 1)]
    [InlineData(257, 4, 2)]
    [InlineData(3_000, 4, 20)]
    [InlineData(1_000_000, 1762, 5_000)]
    [InlineData(1_600, 1 << 20, 100)]
    [InlineData(1_700, 1 << 20, 200)]
    [InlineData(10, 1 << 29, 10)]
    [InlineData(int.MaxValue, 4, 10_000_000)]
    public void A_run_chooses_how_many(int outerSteps, int thetaLength, long every) =>
        Assert.Equal(every, KeptThetas.Every(new RunConfiguration { OuterSteps = outerSteps }, thetaLength));

    [Fact]
    public void Or_is_told() =>
        Assert.Equal(7, KeptThetas.Every(new RunConfiguration { OuterSteps = 600, KeepThetaEvery = 7 }, 4));

    [Fact]
    public void The_record_of_a_step_is_found_between_other_events()
    {
        var run = RecordedRun.Of(40, 3, 4, 10, 20, 30, 40);
        run.Begin(2);
        run.Begin(3);
        for (var step = 41; step <= 50; step++)
        {
            run.Record(step);
        }

        for (var step = 1; step <= 50; step++)
        {
            Assert.Equal(step, RecordedStep.Find(run, "ledger-run", step)?.Step);
        }

        Assert.Null(RecordedStep.Find(run, "ledger-run", 51));
        Assert.Null(RecordedStep.Find(run, "ledger-run", 1000));
    }

    private static Theta<float> Theta(long step, params float[] values) => new(new ThetaVersion(step), values);
}

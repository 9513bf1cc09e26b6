using Involute.Actors.Protocol;
using Involute.Runs.Ledger;
using Involute.Runs.Stores;
using Involute.Runs.Stores.Sqlite;
using Involute.Tests;
using Microsoft.Data.Sqlite;
using Xunit;

namespace Involute.Actors.Tests.Ledger;

public sealed class RunDatabaseReaderTests
{
    [Fact]
    public async Task It_reads_while_a_learner_writes_and_the_learner_does_not_notice()
    {
        using var folder = new TemporaryFolder();
        await using var ledger = await RunningLedger.Recovered(folder.Path);
        var seen = new List<long>();
        for (var step = 1; step <= 30; step++)
        {
            ledger.Tell(Sample.Step(step));
            seen.Add(Store(folder).Read().LastStep);
            Assert.Equal(step, (await ledger.Expect<LedgerProtocol.StepSaved>()).Step);
        }

        ledger.Tell(new LedgerProtocol.SaveCheckpoint(Sample.Checkpoint(30)));
        await ledger.Expect<LedgerProtocol.CheckpointSaved>();
        var read = Store(folder).Read();

        Assert.Equal(seen.Order(), seen);
        Assert.Equal(30, read.LastStep);
        Assert.Equal(Sample.Step(30).ThetaSha256, read.LastThetaSha256);
        Assert.Equal(1.0 / 30, read.LastMeanLoss);
        Assert.Equal(Enumerable.Range(1, 30).Select(step => 1.0 / step), read.MeanLosses);
        Assert.Equal([30], read.CheckpointSteps);
        Assert.Equal(Sample.State(30).Theta.Values, read.Checkpoint!.State.Theta.Values);
        Assert.Equal(new EpochStarted(1, Sample.Run, Sample.Identity), Assert.Single(read.Epochs));
    }

    [Fact]
    public async Task A_writer_is_not_kept_waiting_by_an_open_reader_nor_a_reader_by_a_writer()
    {
        using var folder = new TemporaryFolder();
        await RunningLedger.Written(folder.Path, 3, 3);
        using var other = RunFile.Open(folder.Path);
        other.Execute("BEGIN EXCLUSIVE");

        Assert.Equal(3, Store(folder).Read().LastStep);
    }

    [Fact]
    public async Task A_log_that_a_reader_keeps_from_being_emptied_is_noticed_and_emptied_when_it_is_gone()
    {
        using var folder = new TemporaryFolder();
        await using var ledger = await RunningLedger.Recovered(folder.Path);
        ledger.Tell(Sample.Step(1));
        await ledger.Expect<LedgerProtocol.StepSaved>();
        var log = new FileInfo(Path.Combine(folder.Path, "run.db-wal"));

        // Whatever the database's own length, which counts too.
        const long None = -(1L << 40);
        using (var reader = RunFile.Open(folder.Path))
        {
            reader.Execute("BEGIN");
            Assert.NotEmpty(reader.Column<string>("SELECT manifest FROM journal"));
            ledger.Tell(Sample.Step(2));
            await ledger.Expect<LedgerProtocol.StepSaved>();

            RunDatabase.BoundLog(folder.Path);
            var held = Assert.Throws<IOException>(() => RunDatabase.BoundLog(folder.Path, longest: None));
            Assert.Contains("another process has been reading it", held.Message, StringComparison.Ordinal);
        }

        RunDatabase.BoundLog(folder.Path, longest: None);
        log.Refresh();

        // It is gone altogether where no connection was left, as when a test beside this one clears the pools.
        Assert.True(!log.Exists || log.Length == 0, $"{log.Length} bytes");
        ledger.Tell(Sample.Step(3));
        Assert.Equal(3, (await ledger.Expect<LedgerProtocol.StepSaved>()).Step);
    }

    [Fact]
    public async Task At_rest_it_leaves_no_file_behind()
    {
        using var folder = new TemporaryFolder("a run, 'quoted' 100% #1?");
        await RunningLedger.Written(folder.Path, 3, 3);
        SqliteConnection.ClearAllPools();
        Assert.Equal(["run.db"], Directory.GetFiles(folder.Path).Select(Path.GetFileName));

        Assert.Equal(3, Store(folder).Read().Checkpoint?.Step);

        Assert.Equal(["run.db"], Directory.GetFiles(folder.Path).Select(Path.GetFileName));
    }

    [Fact]
    public async Task After_a_crash_it_reads_what_the_write_ahead_log_holds()
    {
        using var folder = new TemporaryFolder();
        using var crashed = new TemporaryFolder();
        await using (var ledger = await RunningLedger.Recovered(folder.Path))
        {
            ledger.Tell(Sample.Step(1));
            await ledger.Expect<LedgerProtocol.StepSaved>();
            foreach (var file in Directory.GetFiles(folder.Path))
            {
                File.Copy(file, Path.Combine(crashed.Path, Path.GetFileName(file)));
            }
        }

        Assert.Equal(1, Store(crashed).Read().LastStep);
    }

    [Fact]
    public void A_missing_file_holds_nothing_and_stays_missing()
    {
        using var folder = new TemporaryFolder();

        Assert.Equal(0, Store(folder).Read().LastStep);
        Assert.Equal(0, Store(folder).LastEvent());

        Assert.Empty(Directory.GetFiles(folder.Path));
    }

    [Fact]
    public void A_file_that_is_no_database_is_bad_data()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(RunDatabase.PathIn(folder.Path), new string('x', 5000));

        var refusal = Assert.Throws<InvalidDataException>(() => Store(folder).Read());

        Assert.Contains("file is not a database", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_truncated_database_is_bad_data()
    {
        using var folder = new TemporaryFolder();
        await RunningLedger.Written(folder.Path, 200, 100, 200);
        SqliteConnection.ClearAllPools();
        using (var file = File.OpenWrite(RunDatabase.PathIn(folder.Path)))
        {
            file.SetLength(file.Length / 2);
        }

        var refusal = Assert.Throws<InvalidDataException>(() => Store(folder).Read());

        Assert.DoesNotContain('\n', refusal.Message);
    }

    [Fact]
    public void A_database_without_a_run_holds_nothing()
    {
        using var folder = new TemporaryFolder();
        RunDatabase.Prepare(folder.Path, Sample.Run);

        Assert.Equal(0, Store(folder).Read().LastStep);
        Assert.Equal(0, Store(folder).LastEvent());
    }

    private static IRunStore Store(TemporaryFolder folder) => new SqliteRunStore(folder.Path, Sample.Run);
}

using Microsoft.Data.Sqlite;
using Xunit;

namespace Involute.Host.Tests.CommandLine;

[Trait("Speed", "slow")]
public sealed class DamagedStoreTests(FinishedRun finished) : IClassFixture<FinishedRun>, IDisposable
{
    private readonly RunsOnDisk _runs = finished.Runs.Copy("short", "long");

    public void Dispose() => _runs.Dispose();

    [Theory]
    [InlineData(0)]
    [InlineData(0.3)]
    [InlineData(1)]
    public async Task A_flipped_byte_of_the_newest_checkpoint_is_65_and_the_line_has_the_way_out(double place)
    {
        Assert.Equal(1, await FlipAsync(place, newest: 1));
        var older = Older();
        var way = $"'involute resume short --at {older}' goes on from an older checkpoint";
        (await _runs.ResumeAsync("short")).ExpectOneLine(65, "run short: checkpoints: the checkpoint of step 21: ", way);
        (await InvoluteProcess.RunAsync(["verify", "short", "--runs", _runs.Path])).Expect(65);

        var wrong = await InvoluteProcess.RunAsync(["resume", "short", "--runs", _runs.Path, "--at", "13"]);
        wrong.ExpectOneLine(64, $"no whole committed checkpoint of step 13; allowed: 0, {older}");
        await ResumeAtAsync(older);
        (await InvoluteProcess.RunAsync(["verify", "short", "--runs", _runs.Path, "--replay"])).Expect(0);
        await _runs.AssertSameAsync("long", "short");
    }

    [Fact]
    public async Task With_no_whole_checkpoint_left_the_way_out_is_the_start()
    {
        Assert.Equal(2, await FlipAsync(0.5, newest: 2));
        (await _runs.ResumeAsync("short")).ExpectOneLine(65, "'involute resume short --at 0' computes the run again");
        await ResumeAtAsync(0);
        await _runs.AssertSameAsync("long", "short");
    }

    // Of the checkpoints that become due while one is being written only the newest is kept: which one is before the last
    // depends on the disk.
    private long Older()
    {
        using var database = new RunDatabaseFile(_runs.File("short", "run.db"));
        return database.Value<long>("SELECT min(sequence_number) FROM snapshot");
    }

    private async Task ResumeAtAsync(long step) => (await InvoluteProcess.RunAsync(
    [
        "resume", "short", "--runs", _runs.Path, "--no-eval", "--at", $"{step}",
        .. RunsOnDisk.Set($"outer-steps={FinishedRun.Long}"),
    ])).Expect(0);

    [Theory]
    [InlineData("truncated")]
    [InlineData("garbage")]
    public async Task A_store_that_is_none_is_65_and_one_line(string damage)
    {
        var database = _runs.File("short", "run.db");
        if (damage == "garbage")
        {
            await File.WriteAllTextAsync(database, "This is not a database.\n", TestContext.Current.CancellationToken);
        }
        else
        {
            await using var file = File.OpenWrite(database);
            file.SetLength(5000);
        }

        (await _runs.ResumeAsync("short")).ExpectOneLine(65, database);
        (await InvoluteProcess.RunAsync(["show", "short", "--runs", _runs.Path])).ExpectOneLine(65, database);
    }

    private async Task<int> FlipAsync(double place, int newest)
    {
        await using var connection = new SqliteConnection($"Data Source={_runs.File("short", "run.db")};Pooling=False");
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        var rows = new List<(long Step, byte[] Blob)>();
        await using (var query = connection.CreateCommand())
        {
            query.CommandText =
                "SELECT sequence_number, snapshot FROM snapshot ORDER BY sequence_number DESC LIMIT $newest";
            query.Parameters.AddWithValue("$newest", newest);
            await using var reader = await query.ExecuteReaderAsync(TestContext.Current.CancellationToken);
            while (await reader.ReadAsync(TestContext.Current.CancellationToken))
            {
                rows.Add((reader.GetInt64(0), (byte[])reader[1]));
            }
        }

        foreach (var (step, blob) in rows)
        {
            blob[(int)(place * (blob.Length - 1))] ^= 0x10;
            await using var update = connection.CreateCommand();
            update.CommandText = "UPDATE snapshot SET snapshot = $blob WHERE sequence_number = $step";
            update.Parameters.AddWithValue("$blob", blob);
            update.Parameters.AddWithValue("$step", step);
            await update.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        }

        return rows.Count;
    }
}

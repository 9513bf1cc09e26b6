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
    public async Task A_flipped_byte_of_the_newest_checkpoint_is_passed_over_with_a_warning(double place)
    {
        Assert.Equal(1, await FlipAsync(place, newest: 1));
        var shown = await _runs.ShowAsync("short");
        Assert.True(shown.GetProperty("checkpointStep").GetInt32() < FinishedRun.Short);

        var outcome = (await _runs.ResumeAsync("short", $"outer-steps={FinishedRun.Long}")).Expect(0);
        Assert.Contains(outcome.Errors, line => line.StartsWith("warning: ", StringComparison.Ordinal));
        await _runs.AssertSameAsync("long", "short");
    }

    [Fact]
    public async Task With_no_whole_checkpoint_left_a_run_is_computed_again_with_a_warning()
    {
        Assert.Equal(2, await FlipAsync(0.5, newest: 2));
        var outcome = (await _runs.ResumeAsync("short", $"outer-steps={FinishedRun.Long}")).Expect(0);
        Assert.Contains(outcome.Errors, line => line.Contains("from its start", StringComparison.Ordinal));
        await _runs.AssertSameAsync("long", "short");
    }

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

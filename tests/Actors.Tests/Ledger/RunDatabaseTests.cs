using Involute.Runs.Stores.Sqlite;
using Involute.Tests;
using Xunit;

namespace Involute.Actors.Tests.Ledger;

public sealed class RunDatabaseTests
{
    [Fact]
    public async Task Its_tables_are_those_that_the_plugin_would_make()
    {
        using var ours = new TemporaryFolder();
        using var theirs = new TemporaryFolder();
        RunDatabase.Prepare(ours.Path, Sample.Run);
        await InitializeByPlugin(theirs.Path);

        Assert.Equal(Columns(theirs.Path), Columns(ours.Path));
        Assert.Equal(
            RunFile.Read<string>(theirs.Path, "SELECT sql FROM sqlite_master WHERE name = 'journal_uq'"),
            RunFile.Read<string>(ours.Path, "SELECT sql FROM sqlite_master WHERE name = 'journal_uq'"));
    }

    [Fact]
    public void It_has_a_write_ahead_log()
    {
        using var folder = new TemporaryFolder();

        RunDatabase.Prepare(folder.Path, Sample.Run);
        RunDatabase.Prepare(folder.Path, Sample.Run);

        Assert.Equal(["wal"], RunFile.Read<string>(folder.Path, "PRAGMA journal_mode"));
    }

    private static List<string> Columns(string runFolder) => RunFile.Read<string>(
        runFolder,
        """
        SELECT m.name || '.' || c.name || ' ' || c.type || ' ' || c."notnull" || ' ' || c.pk
        FROM sqlite_master m JOIN pragma_table_info(m.name) c
        WHERE m.name IN ('journal', 'snapshot', 'tags') ORDER BY m.name, c.cid
        """);

    private static async Task InitializeByPlugin(string runFolder)
    {
        await File.WriteAllBytesAsync(RunDatabase.PathIn(runFolder), []);
        await SqlPlugin.ReadAsync(new SqliteRunStore(runFolder, Sample.Run));
    }
}

using Akka.Actor;
using Akka.Configuration;
using Akka.Persistence;
using Involute.Actors.Ledger;
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
        var hocon = PersistenceHocon.For(new SqliteRunStore(runFolder, Sample.Run)).Replace(
            "auto-initialize = off", "auto-initialize = on", StringComparison.Ordinal);
        var system = ActorSystem.Create("plugin", ConfigurationFactory.ParseString(hocon + "\nakka.loglevel = OFF"));
        await File.WriteAllBytesAsync(RunDatabase.PathIn(runFolder), []);
        var patience = TimeSpan.FromSeconds(60);
        var plugins = Persistence.Instance.Apply(system);
        await plugins.JournalFor(PersistenceHocon.JournalId).Ask<RecoverySuccess>(
            replyTo => new ReplayMessages(1, long.MaxValue, long.MaxValue, "none", replyTo), patience, default);
        await plugins.SnapshotStoreFor(PersistenceHocon.SnapshotStoreId).Ask<LoadSnapshotResult>(
            new LoadSnapshot("none", SnapshotSelectionCriteria.Latest, long.MaxValue), patience);
        await system.Terminate();
    }
}

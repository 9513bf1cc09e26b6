using Akka.Configuration;
using Involute.Actors.Ledger;
using Involute.Runs.Stores.Sqlite;
using Involute.Tests;
using Microsoft.Data.Sqlite;
using Xunit;

namespace Involute.Actors.Tests.Ledger;

public sealed class PersistenceHoconTests
{
    [Theory]
    [InlineData("plain")]
    [InlineData("with space; Mode=Memory")]
    [InlineData("it's \"quoted\"")]
    [InlineData("${HOME} $x #{1}")]
    [InlineData("läufe")]
    [InlineData("back\\slash=equals")]
    [InlineData("line\nbreak")]
    public void Any_path_survives(string name)
    {
        var folder = Path.Combine(Path.GetTempPath(), name);

        var config = ConfigurationFactory.ParseString(PersistenceHocon.For(new SqliteRunStore(folder, Sample.Run)));

        var connection = config.GetString("akka.persistence.journal.involute.connection-string");
        Assert.Equal(RunDatabase.PathIn(folder), new SqliteConnectionStringBuilder(connection).DataSource);
        Assert.Equal(connection, config.GetString("akka.persistence.snapshot-store.involute.connection-string"));
    }

    [Fact]
    public async Task A_run_can_live_in_a_folder_of_any_name()
    {
        using var folder = new TemporaryFolder("it's \"a\" run; #1 ${HOME}");

        await RunningLedger.Written(folder.Path, 2, 2);

        Assert.Equal(2, new SqliteRunStore(folder.Path, Sample.Run).Read().Checkpoint?.Step);
    }
}

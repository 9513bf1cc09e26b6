using System.Text;
using Involute.Runs.Stores;
using Involute.Runs.Stores.Sqlite;
using Involute.Tests;
using Microsoft.Data.Sqlite;
using Xunit;

namespace Involute.Runs.Tests.Stores;

/// <summary>Errors as SQLite gives them, and the table of all of them as the documentation prints it.</summary>
public sealed class StoreErrorsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Database => Path.Combine(_folder.Path, "run.db");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_database_that_can_only_be_read_may_have_been_writable_before()
    {
        RunDatabase.Prepare(_folder.Path, new RunId("a"));

        Assert.Equal(StoreFaultKind.Denied, KindOf(Database, SqliteOpenMode.ReadOnly, "DELETE FROM journal"));
    }

    [Fact]
    public void A_place_where_no_database_can_be_is_told_of_by_the_start() => Assert.IsType<IOException>(
        Record.Exception(() => RunDatabase.Prepare(Path.Combine(_folder.Path, "none"), new RunId("a"))));

    [Fact]
    public void A_locked_database_passes()
    {
        RunDatabase.Prepare(_folder.Path, new RunId("a"));
        using var other = Open(Database);
        Run(other, "BEGIN EXCLUSIVE");

        Assert.Equal(StoreFaultKind.Temporary, KindOf("DELETE FROM journal"));
    }

    [Fact]
    public void A_full_database_passes() => Assert.Equal(
        StoreFaultKind.Temporary,
        KindOf("PRAGMA max_page_count = 3", "CREATE TABLE t (x)", "INSERT INTO t VALUES (zeroblob(100000))"));

    [Fact]
    public void A_key_that_exists_is_taken_and_a_row_that_breaks_another_rule_is_content()
    {
        RunDatabase.Prepare(_folder.Path, new RunId("a"));
        const string Insert = "INSERT INTO journal (created, deleted, persistence_id, sequence_number, message) ";

        Assert.Equal(
            StoreFaultKind.Taken, KindOf($"{Insert} VALUES (0, 0, 'a', 1, x''); {Insert} VALUES (0, 0, 'a', 1, x'')"));
        Assert.Equal(StoreFaultKind.Damaged, KindOf($"{Insert} VALUES (0, 0, NULL, 1, x'')"));
    }

    [Fact]
    public void Tables_of_another_program_and_files_that_are_no_database_are_content()
    {
        Assert.Equal(StoreFaultKind.Damaged, KindOf("SELECT * FROM journal"));
        var text = Path.Combine(_folder.Path, "text");
        File.WriteAllText(text, new string('x', 5000));
        Assert.Equal(StoreFaultKind.Damaged, KindOf(text, SqliteOpenMode.ReadWrite, "SELECT * FROM journal"));
    }

    [Fact]
    public void What_was_thrown_around_an_error_does_not_change_its_kind()
    {
        var inner = new SqliteException("readonly", 8);

        var fault = StoreFault.Of(StoreFault.Translate(inner, "place"));

        Assert.Equal(StoreFaultKind.Denied, fault.Kind);
        Assert.StartsWith("place: ", fault.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(504, true)]
    [InlineData(505, false)]
    public void A_path_is_as_long_as_SQLite_opens(int bytes, bool opens)
    {
        var folder = _folder.Path;
        for (var left = Left(); left > 0; left = Left())
        {
            folder += "/" + new string('f', Math.Max(1, Math.Min(200, left > 201 && left < 203 ? 100 : left - 1)));
        }

        Directory.CreateDirectory(folder);
        var fault = Record.Exception(() => RunDatabase.Prepare(folder, new RunId("a")));

        Assert.Equal(bytes, Encoding.UTF8.GetByteCount(RunDatabase.PathIn(folder)));
        Assert.Equal(opens ? null : typeof(PathTooLongException), fault?.GetType());

        int Left() => bytes - Encoding.UTF8.GetByteCount(RunDatabase.PathIn(folder));
    }

    [Fact]
    public void The_documentation_has_the_table()
    {
        var page = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "faults.md"));

        Assert.All(StoreErrors.Sqlite, error => Assert.Contains(Row("SQLite", error), page, StringComparison.Ordinal));
        Assert.All(
            StoreErrors.Postgres, error => Assert.Contains(Row("PostgreSQL", error), page, StringComparison.Ordinal));
    }

    private static string Row(string store, StoreError error) =>
        $"| {store} {error.Code} | {error.Meaning} | {Words(error.Kind)} |";

    private static string Words(StoreFaultKind kind) => kind switch
    {
        StoreFaultKind.Temporary => "passes",
        StoreFaultKind.Denied => "passes if the run has been written before, else 74",
        StoreFaultKind.Lasting or StoreFaultKind.Lost => "74",
        StoreFaultKind.Damaged => "65",
        StoreFaultKind.Taken => "looked at again; 73 if it is another learner's",
        StoreFaultKind.TooBig => "this checkpoint is not written",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "no word for it"),
    };

    private StoreFaultKind KindOf(params string[] statements) =>
        KindOf(Database, SqliteOpenMode.ReadWriteCreate, statements);

    private static StoreFaultKind KindOf(string path, SqliteOpenMode mode, params string[] statements)
    {
        var error = Assert.Throws<SqliteException>(() =>
        {
            using var connection = Open(path, mode);
            foreach (var statement in statements)
            {
                Run(connection, statement);
            }
        });
        return StoreFault.Of(new InvalidOperationException("around it", error)).Kind;
    }

    private static SqliteConnection Open(string path, SqliteOpenMode mode = SqliteOpenMode.ReadWriteCreate)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = path,
            DefaultTimeout = 1,
            Mode = mode,
            Pooling = false,
        }.ConnectionString);
        connection.Open();
        return connection;
    }

    private static void Run(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}

using Involute.Runs.Stores;
using Involute.Runs.Stores.Postgres;
using Xunit;

namespace Involute.Actors.Tests.Ledger;

/// <summary>Checkpoints in their table: the newest within bounds, replaced by one of the same step, and counted.</summary>
[Trait("Speed", "slow")]
public sealed class CheckpointTableTests
{
    private const string Id = "ledger-run";

    [Theory]
    [MemberData(nameof(StoreUnderTest.Kinds), MemberType = typeof(StoreUnderTest))]
    public async Task The_newest_within_bounds_is_read_back(string kind)
    {
        await using var under = await StoreUnderTest.CreateAsync(kind);
        var table = Table(under);
        table.Save(Id, 5, [5], created: 1);
        table.Save(Id, 10, [1, 0], created: 2);
        table.Save("ledger-other", 7, [7], created: 3);

        Assert.Equal("step 10: 01-00", Text(table.Newest(Id, 0, long.MaxValue)));
        Assert.Equal("step 5: 05", Text(table.Newest(Id, 0, 9)));
        Assert.Null(table.Newest(Id, 6, 9));
        Assert.Null(table.Newest("ledger-none", 0, long.MaxValue));
    }

    [Theory]
    [MemberData(nameof(StoreUnderTest.Kinds), MemberType = typeof(StoreUnderTest))]
    public async Task One_of_the_same_step_is_replaced(string kind)
    {
        await using var under = await StoreUnderTest.CreateAsync(kind);
        var table = Table(under);
        table.Save(Id, 5, [1, 2, 3], created: 1);
        table.Save(Id, 5, [4], created: 2);

        Assert.Equal("step 5: 04", Text(table.Newest(Id, 0, long.MaxValue)));
        Assert.Equal([1L], under.Read<long>("SELECT count(*) FROM snapshot"));
    }

    [Theory]
    [MemberData(nameof(StoreUnderTest.Kinds), MemberType = typeof(StoreUnderTest))]
    public async Task A_database_that_takes_it_and_does_not_write_it_has_failed(string kind)
    {
        await using var under = await StoreUnderTest.CreateAsync(kind);
        var table = Table(under);
        under.Change(under.Store is PostgresRunStore ? SwallowInPostgres : SwallowInSqlite);

        var fault = Assert.Throws<StoreFaultException>(() => table.Save(Id, 5, [5], created: 1));

        Assert.Equal(StoreFaultKind.Lost, fault.Kind);
        Assert.Contains("its table snapshot", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_value_of_another_kind_is_no_checkpoint()
    {
        await using var under = await StoreUnderTest.CreateAsync("sqlite");
        var table = Table(under);
        table.Save(Id, 5, [5], created: 1);
        under.Change("UPDATE snapshot SET snapshot = 'text'");

        Assert.Throws<InvalidDataException>(() => table.Newest(Id, 0, long.MaxValue));
    }

    private const string SwallowInSqlite =
        "CREATE TRIGGER swallow BEFORE INSERT ON snapshot BEGIN SELECT RAISE(IGNORE); END";

    private const string SwallowInPostgres = """
        CREATE FUNCTION swallow() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';
        CREATE TRIGGER swallow BEFORE INSERT ON snapshot FOR EACH ROW EXECUTE FUNCTION swallow()
        """;

    private static CheckpointTable Table(StoreUnderTest under)
    {
        under.Store.Prepare();
        return new CheckpointTable(under.Store.Connection);
    }

    private static string Text(StoredCheckpoint? one) => $"step {one!.Step}: {BitConverter.ToString(one.Content)}";
}

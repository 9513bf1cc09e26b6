using Involute.Runs.Stores;
using Involute.Runs.Stores.Postgres;
using Involute.Tests;
using Npgsql;
using Xunit;

namespace Involute.Runs.Tests.Stores;

/// <summary>What a role must be allowed to do so that a run can begin: known before the first step.</summary>
[Trait("Speed", "slow")]
public sealed class PostgresRightsTests
{
    private const string Read = "GRANT USAGE ON SCHEMA involute TO {0}; GRANT SELECT ON ALL TABLES IN SCHEMA involute TO {0}";

    [Theory]
    [InlineData(false, "SELECT 1", "42501: permission denied for database")]
    [InlineData(false, "CREATE SCHEMA involute", "42501: permission denied for schema involute")]
    [InlineData(false, "CREATE SCHEMA involute; GRANT USAGE ON SCHEMA involute TO {0}", "42501: permission denied")]
    [InlineData(false, "ALTER ROLE {0} SET default_transaction_read_only = on", "25006")]
    [InlineData(true, "SELECT 1", "42501: permission denied for schema involute")]
    [InlineData(true, Read, "lacks rights in schema involute: INSERT on journal, INSERT on snapshot")]
    [InlineData(true, Read + "; GRANT INSERT, UPDATE ON involute.holder TO {0}", "lacks rights in schema involute: INSERT on")]
    [InlineData(
        true, Read + "; GRANT INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA involute TO {0}; ALTER ROLE {0} CONNECTION LIMIT 4",
        "a learner needs 5 connections")]
    public async Task Without_them_the_store_is_unreachable_and_nothing_is_written(bool hasTables, string sql, string part)
    {
        await using var database = await PostgresDatabase.CreateAsync();
        await using var role = await database.CreateRoleAsync();
        if (hasTables)
        {
            Store(database.Connection).Prepare();
        }

        await database.ExecuteAsync(string.Format(System.Globalization.CultureInfo.InvariantCulture, sql, role.Name));

        var refusal = await Assert.ThrowsAsync<StoreUnreachableException>(async () =>
        {
            var store = Store(role.Connection);
            _ = ((IRunStore)store).LastEvent();
            await using var claim = await store.ClaimAsync(TimeProvider.System, TestContext.Current.CancellationToken);
        });

        Assert.Contains(part, refusal.Message, StringComparison.Ordinal);
        Assert.Equal(0, ((IRunStore)Store(database.Connection)).LastEvent());
    }

    [Theory]
    [InlineData(false, "CREATE SCHEMA involute AUTHORIZATION {0}")]
    [InlineData(false, "CREATE SCHEMA involute; GRANT USAGE, CREATE ON SCHEMA involute TO {0}")]
    [InlineData(
        true, Read + "; GRANT INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA involute TO {0}; ALTER ROLE {0} CONNECTION LIMIT 5")]
    public async Task What_an_administrator_has_made_is_enough(bool hasTables, string sql)
    {
        await using var database = await PostgresDatabase.CreateAsync();
        await using var role = await database.CreateRoleAsync();
        if (hasTables)
        {
            Store(database.Connection).Prepare();
        }

        await database.ExecuteAsync(string.Format(System.Globalization.CultureInfo.InvariantCulture, sql, role.Name));

        await using var claim = await Store(role.Connection).ClaimAsync(
            TimeProvider.System, TestContext.Current.CancellationToken);

        Assert.NotNull(Store(database.Connection).Claimant());
    }

    private static PostgresRunStore Store(string connection) =>
        new(PostgresAddress.Parse(new NpgsqlConnectionStringBuilder(connection) { Pooling = false }.ConnectionString), new RunId("a"));
}

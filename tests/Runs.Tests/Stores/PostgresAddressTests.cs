using Involute.Runs.Stores.Postgres;
using Xunit;

namespace Involute.Runs.Tests.Stores;

public sealed class PostgresAddressTests
{
    [Theory]
    [InlineData("Host=h;Password=hunter2", "PGPASSWORD")]
    [InlineData("Host=h;pwd=hunter2", "PGPASSWORD")]
    [InlineData("Host=h;PSW=hunter2", "PGPASSWORD")]
    [InlineData("Host=h; pass word = hunter2", "form")]
    [InlineData("Host=h;SSL Password=hunter2", "PGPASSWORD")]
    [InlineData("Host=h;hunter2", "form")]
    [InlineData("Host=h;hunter2=1", "form")]
    [InlineData("Host=h;Port=hunter2", "form")]
    [InlineData("postgresql://u:hunter2@h/d", "form")]
    [InlineData("Username=u", "Host")]
    [InlineData("", "Host")]
    [InlineData("Host=h;Search Path=public", "Search Path")]
    public void What_cannot_be_used_is_refused_without_repeating_it(string text, string part)
    {
        var refusal = Assert.Throws<FormatException>(() => PostgresAddress.Parse(text));

        Assert.Contains(part, refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refusal.Message);
    }

    [Fact]
    public void It_goes_by_server_and_database()
    {
        Assert.Equal(
            "PostgreSQL database 'd' on h:5433", PostgresAddress.Parse("Host=h;Port=5433;Database=d;Username=u").Place);
        Assert.Equal("PostgreSQL database 'u' on h:5432", PostgresAddress.Parse("Host=h;Username=u").Place);
    }

    [Fact]
    public void The_users_timeouts_win()
    {
        var run = new RunId("r");
        Assert.Contains("Timeout=5;", PostgresAddress.Parse("Host=h").ForWriter(run) + ";", StringComparison.Ordinal);
        Assert.Equal(12, PostgresAddress.Parse("Host=h;Timeout=9;Command Timeout=3").LongestSeconds);
        Assert.Equal(0, PostgresAddress.Parse("Host=h;Command Timeout=0").LongestSeconds);
        Assert.Contains(
            "Application Name=\"involute r\"", PostgresAddress.Parse("Host=h").ForSession(run),
            StringComparison.Ordinal);
    }
}

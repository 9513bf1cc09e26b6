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
    [InlineData("Host=h;Password=hunter2;Password=", "PGPASSWORD")]
    [InlineData("Host=h;pwd=hunter2;PSW=", "PGPASSWORD")]
    [InlineData("Password =hunter2;Host=h;password=", "PGPASSWORD")]
    [InlineData("Host=h;SslPassword=hunter2;SSL Password=", "PGPASSWORD")]
    [InlineData("Host=u:hunter2@h", "Host")]
    [InlineData("Host=h:hunter2", "Host")]
    [InlineData("Host=h:70000", "Host")]
    [InlineData("Host=h1,h 2", "Host")]
    [InlineData("Host=h1,", "Host")]
    [InlineData("Host=h;Port=70000", "Port")]
    [InlineData("Host=h;Port=0", "form")]
    [InlineData("Host=h;Encoding=hunter2", "Encoding")]
    [InlineData("Host=h;Client Encoding=LATIN1", "Encoding")]
    [InlineData("Host=h;Read Buffer Size=1", "Read Buffer Size")]
    [InlineData("Host=h;Write Buffer Size=2147483647", "Write Buffer Size")]
    [InlineData("Host=h;Maximum Pool Size=0", "Maximum Pool Size")]
    [InlineData("Host=h;Maximum Pool Size=1", "Maximum Pool Size")]
    [InlineData("Host=h;Minimum Pool Size=20;Maximum Pool Size=10", "Minimum Pool Size")]
    [InlineData("Host=h;Timeout=0", "Timeout")]
    [InlineData("Host=h;Connection Idle Lifetime=0", "exclude each other")]
    [InlineData("Host=h;Multiplexing=true", "Multiplexing")]
    [InlineData("Host=h;Target Session Attributes=standby", "Target Session Attributes")]
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

    [Theory]
    [InlineData("Host=h")]
    [InlineData("Host=h:5433")]
    [InlineData("Host=127.0.0.1:5433")]
    [InlineData("Host=::1")]
    [InlineData("Host=[::1]:5433")]
    [InlineData("Host=fe80::1%eth0")]
    [InlineData("Host=/var/run/postgresql")]
    [InlineData("Host=h1:5432, h2.example.org:5433;Target Session Attributes=read-write")]
    [InlineData("Host=h;Encoding=UTF-8;Client Encoding=utf8;Minimum Pool Size=2;Maximum Pool Size=2;Timeout=1024")]
    public void What_works_is_taken(string text) => PostgresAddress.Parse(text);

    [Theory]
    [InlineData("Host=h", true)]
    [InlineData("Host=h;SSL Mode=Prefer", true)]
    [InlineData("Host=h;SSL Mode=Disable", true)]
    [InlineData("Host=127.0.0.1,h", true)]
    [InlineData("Host=h;SSL Mode=Require", false)]
    [InlineData("Host=h;SSL Mode=VerifyFull", false)]
    [InlineData("Host=h;Require Auth=Password", false)]
    [InlineData("Host=localhost:5433,127.0.0.1,[::1]:5433", false)]
    [InlineData("Host=::1", false)]
    [InlineData("Host=/var/run/postgresql", false)]
    public void Without_encryption_no_other_machine_is_told_a_password(string text, bool isRefused)
    {
        var address = PostgresAddress.Parse(text);

        foreach (var made in new[] { address.ForWriter(new RunId("r")), address.ForSession(new RunId("r")) })
        {
            Assert.Equal(isRefused, made.Contains("ScramSHA256", StringComparison.Ordinal));
            using var usable = new Npgsql.NpgsqlConnection(made);
        }
    }
}

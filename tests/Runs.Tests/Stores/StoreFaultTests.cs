using Involute.Runs.Stores;
using Npgsql;
using Xunit;

namespace Involute.Runs.Tests.Stores;

public sealed class StoreFaultTests
{
    [Theory]
    [InlineData("23505", StoreFaultKind.Taken)]
    [InlineData("57P01", StoreFaultKind.Temporary)]
    [InlineData("57P03", StoreFaultKind.Temporary)]
    [InlineData("40001", StoreFaultKind.Temporary)]
    [InlineData("53100", StoreFaultKind.Temporary)]
    [InlineData("53300", StoreFaultKind.Temporary)]
    [InlineData("58030", StoreFaultKind.Temporary)]
    [InlineData("25006", StoreFaultKind.Temporary)]
    [InlineData("28P01", StoreFaultKind.Denied)]
    [InlineData("42501", StoreFaultKind.Denied)]
    [InlineData("42P01", StoreFaultKind.Damaged)]
    [InlineData("42703", StoreFaultKind.Damaged)]
    [InlineData("XX001", StoreFaultKind.Damaged)]
    [InlineData("54000", StoreFaultKind.TooBig)]
    public void A_servers_error_is_a_kind_of_fault_and_one_line(string state, object kind)
    {
        var error = new PostgresException(
            "what went wrong", "ERROR", "ERROR", state, detail: "more than anybody wants");

        var fault = StoreFault.Of(new InvalidOperationException("outer", error));

        Assert.Equal((StoreFaultKind)kind, fault.Kind);
        Assert.Equal($"{state}: what went wrong", fault.Reason);
    }

    [Fact]
    public void A_server_that_cannot_be_reached_may_come_back()
    {
        using var connection = new NpgsqlConnection("Host=127.0.0.1;Port=1;Username=u;Pooling=False");

        var fault = StoreFault.Of(Assert.ThrowsAny<NpgsqlException>(connection.Open));

        Assert.Equal(StoreFaultKind.Temporary, fault.Kind);
        Assert.StartsWith("Failed to connect to 127.0.0.1:1 (", fault.Reason, StringComparison.Ordinal);
    }
}

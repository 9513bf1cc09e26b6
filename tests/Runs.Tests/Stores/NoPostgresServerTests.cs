using Involute.Runs.Stores;
using Involute.Runs.Stores.Postgres;
using Xunit;

namespace Involute.Runs.Tests.Stores;

/// <summary>What listens where the server should be is anything: an address mistyped, a proxy, an attacker.</summary>
public sealed class NoPostgresServerTests
{
    private static readonly Dictionary<string, byte[][]> Answers = new()
    {
        ["hangs up"] = [],
        ["speaks HTTP"] = ["HTTP/1.1 400 Bad Request\r\n\r\n"u8.ToArray()],
        ["sends zeros"] = [new byte[100_000]],
        ["sends ones"] = [[.. Enumerable.Repeat((byte)255, 100_000)]],
        ["sends garbage"] = [[.. Enumerable.Range(1, 100_000).Select(i => (byte)((i * 2654435761L) >> 16))]],
        ["has a length of 2 GB"] = [[(byte)'R', 0x7f, 0xff, 0xff, 0xff, 0, 0, 0]],
        ["has an error of 2 GB"] = [[(byte)'E', 0x7f, 0xff, 0xff, 0xf0, (byte)'S', 0, 0]],
        ["has a negative length"] = [[(byte)'R', 0xff, 0xff, 0xff, 0xfb, 0, 0, 0, 0]],
        ["asks for an unknown authentication"] = [PretendServer.Message('R', 0, 0, 0, 99)],
        ["has no version"] = [PretendServer.Accepted(null)],
        ["has a version that is none"] = [PretendServer.Accepted("hunter")],
        ["has a version of many digits"] = [PretendServer.Accepted("99999999999999.1")],
        ["answers queries with garbage"] = [PretendServer.Accepted("15.1"), [.. Enumerable.Repeat((byte)85, 500)]],
        ["answers queries out of turn"] = [PretendServer.Accepted("15.1"), PretendServer.Message('Z', (byte)'I')],
    };

    public static TheoryData<string> Kinds => [.. Answers.Keys];

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task It_is_unreachable_in_one_line(string kind)
    {
        await using var server = new PretendServer(Answers[kind]);
        var store = new PostgresRunStore(PostgresAddress.Parse(server.Connection + ";Timeout=3"), new RunId("a"));

        var asked = Assert.Throws<StoreUnreachableException>(() => ((IRunStore)store).LastEvent());
        var claimed = await Assert.ThrowsAsync<StoreUnreachableException>(
            () => store.ClaimAsync(TimeProvider.System, TestContext.Current.CancellationToken));

        Assert.All([asked, claimed], refusal =>
        {
            Assert.StartsWith("run 'a' in PostgreSQL database 'u' on 127.0.0.1:", refusal.Message, StringComparison.Ordinal);
            Assert.DoesNotContain('\n', refusal.Message);
            Assert.DoesNotContain("bug", refusal.Message, StringComparison.OrdinalIgnoreCase);
        });
    }

    [Fact]
    public async Task What_a_server_says_is_cut_and_cannot_steer_a_terminal()
    {
        var text = "\u001b[31mred\u0007\u202e " + string.Concat(Enumerable.Repeat("long ", 50_000));
        await using var server = new PretendServer(PretendServer.Error("28000", text));
        var store = new PostgresRunStore(PostgresAddress.Parse(server.Connection), new RunId("a"));

        var refusal = Assert.Throws<StoreUnreachableException>(() => ((IRunStore)store).LastEvent());

        Assert.Contains(@"28000: \u001b[31mred\u0007\u202e long ", refusal.Message, StringComparison.Ordinal);
        Assert.True(refusal.Message.Length < 500, refusal.Message);
        Assert.DoesNotContain(refusal.Message, char.IsControl);
    }
}

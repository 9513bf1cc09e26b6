using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using System.Security.Authentication;
using Involute.Actors.Palettes;
using Involute.Actors.Tests.Cluster;
using Involute.Actors.Tests.Commands;
using Xunit;

namespace Involute.Actors.Tests.Palettes;

/// <summary>A console beyond its own machine: both ends show a certificate that the other knows.</summary>
public sealed class ConsoleEncryptionTests
{
    [Fact]
    public async Task Only_who_shows_a_known_certificate_is_let_in_and_its_name_is_written_down()
    {
        using var ours = Members.Certificate();
        using var theirs = Members.Certificate();
        using var strange = Members.Certificate();
        using var expired = Members.Certificate(-20, -10);
        await using var console = new TestConsole(
            secure: ConsoleEncryption.OfNode(Members.Showing(ours, theirs, expired)));

        await using (var client = await console.ConnectAsync(ConsoleEncryption.OfClient(Members.Showing(theirs, ours))))
        {
            Assert.Equal(("changed by tester", false), await TestConsole.AskAsync(client, "test change", yes: true));
        }

        var name = theirs.GetNameInfo(System.Security.Cryptography.X509Certificates.X509NameType.SimpleName, false);
        Assert.EndsWith($" with the certificate of '{name}'", Assert.Single(console.Recorded), StringComparison.Ordinal);
        foreach (var (certificate, why) in new[]
        {
            (strange, "is not among those that this process accepts"), (expired, "is valid from"),
        })
        {
            var refused = await Assert.ThrowsAsync<AuthenticationException>(
                () => console.ConnectAsync(ConsoleEncryption.OfClient(Members.Showing(certificate, ours))));
            Assert.StartsWith("the node does not let this client in: its certificate ", refused.Message, StringComparison.Ordinal);
            Assert.Contains(why, refused.Message, StringComparison.Ordinal);
        }

        var doubted = await Assert.ThrowsAsync<AuthenticationException>(
            () => console.ConnectAsync(ConsoleEncryption.OfClient(Members.Showing(theirs, theirs))));
        Assert.StartsWith("this client does not trust the node: its certificate ", doubted.Message, StringComparison.Ordinal);
        await Assert.ThrowsAnyAsync<IOException>(() => console.ConnectAsync());
        Assert.Single(console.Recorded);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Over_a_network_changes_are_refused_unless_the_node_was_told_to_allow_them(bool allowed)
    {
        var address = NetworkInterface.GetAllNetworkInterfaces().Where(it => it.OperationalStatus == OperationalStatus.Up)
            .SelectMany(it => it.GetIPProperties().UnicastAddresses).Select(it => it.Address).FirstOrDefault(
                it => it.AddressFamily == AddressFamily.InterNetwork && !IPAddress.IsLoopback(it));
        Assert.SkipWhen(address is null, "this machine has no address but that of loopback");
        using var ours = Members.Certificate();
        await using var console = new TestConsole(
            secure: ConsoleEncryption.OfNode(Members.Showing(ours)), address: address, letsOthersChange: allowed);
        await using var client = await console.ConnectAsync(ConsoleEncryption.OfClient(Members.Showing(ours)));
        Assert.Equal(("well", false), await TestConsole.AskAsync(client, "test say well"));
        var (text, failed) = await TestConsole.AskAsync(client, "test change", yes: true);
        Assert.Equal(!allowed, failed);
        Assert.StartsWith(
            allowed ? "changed by tester" : "'test change' changes something, and comes over a network; allowed: from this machine",
            text, StringComparison.Ordinal);
        Assert.StartsWith(
            $"test change: {(allowed ? "by" : "refused to")} tester from {address}:", Assert.Single(console.Recorded),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_comes_with_a_certificate_to_a_console_in_the_open_is_not_answered()
    {
        using var ours = Members.Certificate();
        await using var console = new TestConsole();
        await Assert.ThrowsAnyAsync<IOException>(
            () => console.ConnectAsync(ConsoleEncryption.OfClient(Members.Showing(ours))));
    }
}

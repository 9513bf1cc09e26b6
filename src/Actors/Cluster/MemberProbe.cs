using System.Buffers.Binary;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace Involute.Actors.Cluster;

/// <summary>
/// Asks a place where a member may be for its name, step by step, so that the step that fails can be told.
/// </summary>
internal static class MemberProbe
{
    /// <summary>What takes longer would not hold a heartbeat.</summary>
    public static readonly TimeSpan UsualPatience = TimeSpan.FromSeconds(5);

    /// <summary>Asks; a failure is an answer too.</summary>
    /// <param name="place">The place.</param>
    /// <param name="encryption">Certificates; null to talk in the open.</param>
    /// <param name="each">For each of: resolving, connecting, the certificates, the answer.</param>
    /// <param name="cancellation">Gives up.</param>
    public static async Task<Introduction> AskAsync(
        Endpoint place, Encryption? encryption, TimeSpan each, CancellationToken cancellation)
    {
        using var patience = new Deadline(each, cancellation);
        IPAddress[] addresses;
        try
        {
            addresses = await Dns.GetHostAddressesAsync(place.Host, patience.Next()).ConfigureAwait(false);
        }
        catch (SocketException failed)
        {
            return Introduction.Failed(place, Obstacle.Name, $"the name does not resolve ({failed.Message})");
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return Introduction.Failed(place, Obstacle.Name, $"the name does not resolve within {patience}");
        }

        var last = Introduction.Failed(place, Obstacle.Name, "the name has no address");
        foreach (var address in addresses)
        {
            last = await AskAsync(place, address, encryption, patience).ConfigureAwait(false);
            if (last.Obstacle == Obstacle.None)
            {
                break;
            }
        }

        return last;
    }

    private static async Task<Introduction> AskAsync(
        Endpoint place, IPAddress address, Encryption? encryption, Deadline patience)
    {
        using var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(new IPEndPoint(address, place.Port), patience.Next()).ConfigureAwait(false);
        }
        catch (SocketException refused)
        {
            return Introduction.Failed(place, Obstacle.Port, refused.SocketErrorCode == SocketError.ConnectionRefused
                ? $"nothing listens on port {place.Port} of {address} (connection refused)"
                : $"{address} cannot be reached ({refused.Message})");
        }
        catch (OperationCanceledException) when (!patience.IsGivenUp)
        {
            return Introduction.Failed(
                place, Obstacle.Port, $"port {place.Port} of {address} does not answer within {patience}");
        }

        // Of a connection that the other side has ended, only this end can be asked for.
        var own = ((IPEndPoint)socket.LocalEndPoint!).Address;
        var isHere = own.Equals(address);
        await using var stream = new NetworkStream(socket);
        var met = encryption is null
            ? await GreetAsync(place, stream, null, patience).ConfigureAwait(false)
            : await ShowCertificateAsync(place, stream, encryption, patience).ConfigureAwait(false);
        return isHere ? met : met with { Elsewhere = own.ToString() };
    }

    private static async Task<Introduction> ShowCertificateAsync(
        Endpoint place, NetworkStream stream, Encryption encryption, Deadline patience)
    {
        string? refusal = null;
        await using var tls = new SslStream(
            stream,
            leaveInnerStreamOpen: true,
            (_, certificate, _, _) => (refusal = encryption.Refusal(certificate switch
            {
                X509Certificate2 whole => whole,
                null => null,
                _ => new X509Certificate2(certificate),
            })) is null,
            (_, _, _, _, _) => encryption.Certificate);
        try
        {
            await tls.AuthenticateAsClientAsync(
                new SslClientAuthenticationOptions { TargetHost = place.Host }, patience.Next()).ConfigureAwait(false);
        }
        catch (Exception failed) when (failed is AuthenticationException or IOException)
        {
            return Introduction.Failed(place, Obstacle.Certificate, refusal
                ?? $"no encrypted connection ({failed.Message.TrimEnd('.')}): it has no --certificate, or refuses this "
                    + $"process's ({Encryption.Thumbprint(encryption.Certificate)})");
        }
        catch (OperationCanceledException) when (!patience.IsGivenUp)
        {
            return Introduction.Failed(
                place, Obstacle.Certificate,
                $"it shows no certificate within {patience}: it has no --certificate, or is another program");
        }

        return await GreetAsync(place, tls, encryption, patience).ConfigureAwait(false);
    }

    private static async Task<Introduction> GreetAsync(
        Endpoint place, Stream stream, Encryption? encryption, Deadline patience)
    {
        try
        {
            // A name that no member has: the name of a member would stand for that member.
            var host = $"{Path.GetRandomFileName()}.invalid";
            await stream.WriteAsync(AkkaGreeting.Hello(host, encryption is not null), patience.Next())
                .ConfigureAwait(false);
            var length = new byte[AkkaGreeting.LengthBytes];
            await stream.ReadExactlyAsync(length, patience.Current).ConfigureAwait(false);
            var bytes = BinaryPrimitives.ReadInt32LittleEndian(length);
            var message = new byte[bytes is > 0 and <= AkkaGreeting.MostBytes ? bytes : 0];
            await stream.ReadExactlyAsync(message, patience.Current).ConfigureAwait(false);
            if (AkkaGreeting.ReadAnswer(message) is not ({ } system, var name) || system != ClusterHocon.SystemName)
            {
                return Introduction.Failed(place, Obstacle.Program, "another program listens there");
            }

            await stream.WriteAsync(AkkaGreeting.Goodbye(), patience.Current).ConfigureAwait(false);
            return new Introduction(place, Obstacle.None, string.Empty, name);
        }
        catch (IOException) when (encryption is not null)
        {
            // In TLS 1.3 the other side looks at a certificate when this side is done already.
            return Introduction.Failed(
                place, Obstacle.Certificate,
                $"it refuses this process's certificate ({Encryption.Thumbprint(encryption.Certificate)}); allowed: "
                    + "name it with --trust there");
        }
        catch (IOException)
        {
            return Introduction.Failed(
                place, Obstacle.Certificate,
                "it ends the connection: it expects a --certificate, or is another program");
        }
        catch (OperationCanceledException) when (!patience.IsGivenUp)
        {
            return Introduction.Failed(
                place, Obstacle.Program, $"no answer within {patience}: another program listens there, or it is frozen");
        }
    }

    // A time for each step, and the end of all of them.
    private sealed class Deadline(TimeSpan each, CancellationToken cancellation) : IDisposable
    {
        private CancellationTokenSource _source = CancellationTokenSource.CreateLinkedTokenSource(cancellation);

        public bool IsGivenUp => cancellation.IsCancellationRequested;

        public CancellationToken Current => _source.Token;

        public CancellationToken Next()
        {
            _source.Dispose();
            _source = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            _source.CancelAfter(each);
            return _source.Token;
        }

        public override string ToString() => FormattableString.Invariant($"{each.TotalSeconds} s");

        public void Dispose() => _source.Dispose();
    }
}

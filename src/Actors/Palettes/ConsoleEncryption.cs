using System.Diagnostics.CodeAnalysis;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Involute.Actors.Cluster;
using Involute.Commands;

namespace Involute.Actors.Palettes;

/// <summary>Mutual TLS of a console's connection: both ends show a certificate that the other knows, as in a cluster.</summary>
internal static class ConsoleEncryption
{
    private const string AnyName = "involute";

    /// <summary>The node's end; null without certificates.</summary>
    [SuppressMessage(
        "Security", "CA5359", Justification = "It is looked at behind the handshake, where the client can be told why.")]
    public static Func<Stream, CancellationToken, Task<Stream>>? OfNode(Encryption? encryption) => encryption is null
        ? null
        : async (open, cancellation) =>
        {
            // Who is not let in is told why, and nothing is read of it.
            var secure = new SslStream(open, leaveInnerStreamOpen: false, (_, _, _, _) => true);
            await secure.AuthenticateAsServerAsync(
                new SslServerAuthenticationOptions
                {
                    ServerCertificate = encryption.Certificate,
                    ClientCertificateRequired = true,
                    CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
                },
                cancellation).ConfigureAwait(false);
            if (encryption.Refusal(secure.RemoteCertificate as X509Certificate2) is { } refusal)
            {
                await secure.WriteAsync(ConsoleFrames.Stranger(refusal), cancellation).ConfigureAwait(false);
                await secure.ShutdownAsync().ConfigureAwait(false);
                throw new AuthenticationException(refusal);
            }

            return secure;
        };

    /// <summary>The client's end; null without certificates.</summary>
    public static Func<Stream, CancellationToken, Task<Stream>>? OfClient(Encryption? encryption) => encryption is null
        ? null
        : async (open, cancellation) =>
        {
            // Chain and host name say nothing about a certificate that is known by all of its bytes; its dates still count.
            string? refusal = null;
            var secure = new SslStream(
                open, leaveInnerStreamOpen: false,
                (_, certificate, _, _) => (refusal = encryption.Refusal(certificate as X509Certificate2)) is null);
            try
            {
                await secure.AuthenticateAsClientAsync(
                    new SslClientAuthenticationOptions
                    {
                        TargetHost = AnyName,
                        ClientCertificates = [encryption.Certificate],
                        CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
                    },
                    cancellation).ConfigureAwait(false);
                return secure;
            }
            catch (AuthenticationException) when (refusal is not null)
            {
                throw new AuthenticationException($"this client does not trust the node: {refusal} (--trust)");
            }
        };
}

using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Involute.Actors.Cluster;
using Involute.Host.Errors;

namespace Involute.Host.Cluster;

/// <summary>Makes certificates for members of a cluster.</summary>
internal static class NodeCertificate
{
    private const string ServerAuthentication = "1.3.6.1.5.5.7.3.1";
    private const string ClientAuthentication = "1.3.6.1.5.5.7.3.2";
    private const int Years = 2;

    // Clocks of machines differ: a certificate that is not valid yet is refused.
    private static readonly TimeSpan ClockSkew = TimeSpan.FromDays(1);

    /// <summary>
    /// Makes a self-signed certificate (ECDSA P-256, for both ends of a connection, two years) and writes it with its
    /// private key to <c>DIR/NAME.pfx</c>, readable by its owner only.
    /// </summary>
    /// <param name="directory">Created if absent.</param>
    /// <param name="name">Letters, digits, <c>.</c>, <c>_</c> and <c>-</c>; the subject's common name.</param>
    /// <param name="clock">Says from when it is valid.</param>
    /// <returns>The file, and the thumbprint that others let it in by.</returns>
    /// <exception cref="CommandException">The file is there already; one line.</exception>
    /// <exception cref="IOException">It cannot be written.</exception>
    public static (string Path, string Thumbprint) Create(string directory, string name, TimeProvider clock)
    {
        var path = Path.GetFullPath(Path.Combine(directory, $"{name}.pfx"));
        CreateFolder(Path.GetFullPath(directory));
        if (Path.Exists(path))
        {
            throw Exists(path);
        }

        using var certificate = Make(name, clock.GetUtcNow());
        Write(path, certificate.ExportPkcs12(Pkcs12ExportPbeParameters.Pbes2Aes256Sha256, string.Empty));
        return (path, Encryption.Thumbprint(certificate));
    }

    private static X509Certificate2 Make(string name, DateTimeOffset now)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, critical: true));
        request.CertificateExtensions.Add(
            new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension(
            [new Oid(ServerAuthentication), new Oid(ClientAuthentication)], critical: false));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        return request.CreateSelfSigned(now - ClockSkew, now.AddYears(Years));
    }

    private static void CreateFolder(string directory)
    {
        const UnixFileMode Owner = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(directory);
        }
        else if (!Directory.Exists(directory))
        {
            Directory.CreateDirectory(directory, Owner);
        }
    }

    // Whole or not at all, and never in the place of another: a lost key cannot be made again.
    private static void Write(string path, byte[] content)
    {
        var temporary = $"{path}.{Path.GetRandomFileName()}.tmp";
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using (var file = new FileStream(temporary, options))
        {
            file.Write(content);
            file.Flush(flushToDisk: true);
        }

        try
        {
            File.Move(temporary, path, overwrite: false);
        }
        catch (IOException) when (Path.Exists(path))
        {
            throw Exists(path);
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    private static CommandException Exists(string path) => new(
        ExitCode.Configuration, $"{path}: already exists; allowed: another --name or folder, or delete it first");
}

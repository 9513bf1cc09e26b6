using System.Runtime.Versioning;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Involute.Tests;
using Xunit;

namespace Involute.InProcess.Tests;

/// <summary>
/// Certificate files that are damaged, empty, of another kind, without their key, behind a password, too old: one line that
/// names the file, 64 (1 from <c>certs show</c> where a certificate is there and a member could not use it).
/// </summary>
[Collection(nameof(Alone))]
[UnsupportedOSPlatform("windows")]
[Trait("Speed", "slow")]
public sealed class CertificateFilesTests : IDisposable
{
    private const int Mutations = 300;

    private readonly ScratchFolder _scratch = new();

    private string File => _scratch.File("node.pfx");

    public void Dispose() => _scratch.Dispose();

    public static TheoryData<string> Kinds() =>
    [
        "missing", "empty", "a folder", "text", "PEM", "DER without a key", "PFX without a key", "a password",
        "the key of another certificate", "no certificate in it", "endless",
    ];

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task What_is_no_certificate_with_its_key_is_64(string kind)
    {
        var path = kind == "endless" ? "/dev/zero" : File;
        Write(kind);
        foreach (var command in Commands(path))
        {
            var outcome = await InProcess.RunAsync(_scratch.Path, command);
            outcome.AssertAnswered(64);
            Assert.Contains($"certificate {path}: ", outcome.AllErrors, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(-3, -1)]
    [InlineData(1, 3)]
    public async Task One_that_is_not_valid_now_is_64_and_shown_with_1(int fromDay, int toDay)
    {
        using var certificate = Create(fromDay, toDay);
        Save(certificate.Export(X509ContentType.Pfx));
        var outcomes = new List<int>();
        foreach (var command in Commands(File))
        {
            var outcome = await InProcess.RunAsync(_scratch.Path, command);
            outcome.AssertAnswered(1, 64);
            Assert.Contains($"certificate {File}: is valid from ", outcome.AllErrors, StringComparison.Ordinal);
            outcomes.Add(outcome.ExitCode);
        }

        Assert.Equal([1, 64, 64], outcomes);
    }

    [Fact]
    public async Task One_whose_bytes_have_changed_is_64_or_the_same()
    {
        using var certificate = Create(-1, 1);
        var bytes = certificate.Export(X509ContentType.Pfx);
        var refused = 0;
        for (var i = 0u; i < Mutations; i++)
        {
            Save(Mutation.Of(bytes, i));
            var outcome = await InProcess.RunAsync(_scratch.Path, ["certs", "show", File]);
            outcome.AssertAnswered(0, 64);
            if (outcome.ExitCode == 0)
            {
                Assert.Contains(certificate.GetCertHashString(HashAlgorithmName.SHA256), outcome.AllOutput, StringComparison.Ordinal);
                continue;
            }

            refused++;
            Assert.Contains($"certificate {File}: ", outcome.AllErrors, StringComparison.Ordinal);
        }

        Assert.InRange(refused, Mutations / 2, Mutations);
    }

    private static string[][] Commands(string path) =>
    [
        ["certs", "show", path],
        ["worker", "--join", "127.0.0.1:1", "--certificate", path],
        ["learner", "--check", "--name", "new", "--certificate", path],
    ];

    private void Write(string kind)
    {
        using var certificate = Create(-1, 1);
        switch (kind)
        {
            case "empty":
                Save([]);
                break;
            case "a folder":
                Directory.CreateDirectory(File);
                break;
            case "text":
                Save("no certificate"u8.ToArray());
                break;
            case "PEM":
                Save(System.Text.Encoding.ASCII.GetBytes(certificate.ExportCertificatePem()));
                break;
            case "DER without a key":
                Save(certificate.Export(X509ContentType.Cert));
                break;
            case "PFX without a key":
                using (var open = X509CertificateLoader.LoadCertificate(certificate.RawData))
                {
                    Save(open.Export(X509ContentType.Pfx));
                }

                break;
            case "a password":
                Save(certificate.Export(X509ContentType.Pfx, "secret"));
                break;
            case "the key of another certificate":
                using (var other = ECDsa.Create(ECCurve.NamedCurves.nistP256))
                {
                    Save(KeyStore.Write(certificate, other));
                }

                break;
            case "no certificate in it":
                using (var key = ECDsa.Create(ECCurve.NamedCurves.nistP256))
                {
                    Save(KeyStore.Write(null, key));
                }

                break;
        }
    }

    private static X509Certificate2 Create(int fromDay, int toDay)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var now = TimeProvider.System.GetUtcNow();
        return new CertificateRequest("CN=a", key, HashAlgorithmName.SHA256)
            .CreateSelfSigned(now.AddDays(fromDay), now.AddDays(toDay));
    }

    private void Save(byte[] bytes)
    {
        System.IO.File.WriteAllBytes(File, bytes);
        System.IO.File.SetUnixFileMode(File, UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }
}

using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Involute.InProcess.Tests;

/// <summary>
/// PKCS #12 files as a tool writes them that was given files which do not belong together (RFC 7292); without encryption.
/// </summary>
internal static class KeyStore
{
    private const string Data = "1.2.840.113549.1.7.1";
    private const string KeyBag = "1.2.840.113549.1.12.10.1.1";
    private const string CertificateBag = "1.2.840.113549.1.12.10.1.3";
    private const string X509 = "1.2.840.113549.1.9.22.1";
    private const string LocalKeyId = "1.2.840.113549.1.9.21";

    private static readonly Asn1Tag Inside = new(TagClass.ContextSpecific, 0, isConstructed: true);

    /// <summary>A file with a certificate, or none, and a key that is said to be the certificate's.</summary>
    public static byte[] Write(X509Certificate2? certificate, ECDsa key)
    {
        var bags = Sequence(writer =>
        {
            Bag(writer, KeyBag, value => value.WriteEncodedValue(key.ExportPkcs8PrivateKey()));
            if (certificate is not null)
            {
                Bag(writer, CertificateBag, value =>
                {
                    using (value.PushSequence())
                    {
                        value.WriteObjectIdentifier(X509);
                        using (value.PushSequence(Inside))
                        {
                            value.WriteOctetString(certificate.RawData);
                        }
                    }
                });
            }
        });
        var safe = Sequence(writer => Content(writer, bags));
        return Sequence(writer =>
        {
            writer.WriteInteger(3);
            Content(writer, safe);
        });
    }

    private static byte[] Sequence(Action<AsnWriter> write)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            write(writer);
        }

        return writer.Encode();
    }

    private static void Content(AsnWriter writer, byte[] data)
    {
        using (writer.PushSequence())
        {
            writer.WriteObjectIdentifier(Data);
            using (writer.PushSequence(Inside))
            {
                writer.WriteOctetString(data);
            }
        }
    }

    private static void Bag(AsnWriter writer, string kind, Action<AsnWriter> value)
    {
        using (writer.PushSequence())
        {
            writer.WriteObjectIdentifier(kind);
            using (writer.PushSequence(Inside))
            {
                value(writer);
            }

            using (writer.PushSetOf())
            using (writer.PushSequence())
            {
                writer.WriteObjectIdentifier(LocalKeyId);
                using (writer.PushSetOf())
                {
                    writer.WriteOctetString([1]);
                }
            }
        }
    }
}

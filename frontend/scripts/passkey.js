// Asks the authenticator for an assertion or a new passkey, puts the answer into the form in hexadecimal, and sends it.
const bytes = (hex) => Uint8Array.from(hex.match(/../g) ?? [], (pair) => parseInt(pair, 16));
const hex = (buffer) => Array.from(new Uint8Array(buffer), (byte) => byte.toString(16).padStart(2, "0")).join("");

async function assertion(form) {
  const answer = await navigator.credentials.get({
    publicKey: {
      challenge: bytes(form.dataset.challenge),
      rpId: form.dataset.rp,
      allowCredentials: form.dataset.credentials.split(" ").filter(Boolean).map((id) => ({ type: "public-key", id: bytes(id) })),
      userVerification: "required",
      timeout: 120000,
    },
  });
  return {
    stepup_credential: hex(answer.rawId),
    stepup_client_data: hex(answer.response.clientDataJSON),
    stepup_authenticator_data: hex(answer.response.authenticatorData),
    stepup_signature: hex(answer.response.signature),
  };
}

async function registration(form) {
  const name = form.elements.name.value;
  const answer = await navigator.credentials.create({
    publicKey: {
      challenge: bytes(form.dataset.challenge),
      rp: { id: form.dataset.rp, name: "Countersign" },
      user: { id: bytes(form.dataset.handle), name, displayName: name },
      pubKeyCredParams: [-8, -7, -257].map((alg) => ({ type: "public-key", alg })),
      authenticatorSelection: { userVerification: "required", residentKey: "preferred" },
      attestation: "none",
      timeout: 120000,
    },
  });
  return {
    credential: hex(answer.rawId),
    client_data: hex(answer.response.clientDataJSON),
    attestation: hex(answer.response.attestationObject),
  };
}

for (const form of document.querySelectorAll("form[data-passkey]")) {
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const told = form.querySelector("[data-passkey-error]");
    told.hidden = true;
    try {
      const answer = await (form.dataset.passkey === "create" ? registration(form) : assertion(form));
      for (const [name, value] of Object.entries(answer)) form.elements[name].value = value;
      form.submit();
    } catch (reason) {
      told.textContent = `The passkey did not answer: ${reason.message}. Try again.`;
      told.hidden = false;
    }
  });
}

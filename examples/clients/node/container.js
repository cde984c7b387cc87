// The sandbox in a container, in place of startSandbox. It needs the package
// testcontainers, a Docker, and the image: see cmd/pmpsmart-sandbox/Dockerfile.
import { GenericContainer, Wait } from 'testcontainers';

/**
 * @param {string} [image]
 * @returns {Promise<import('./sandbox.js').Sandbox>}
 */
export async function startContainer(image = 'pmpsmart-sandbox') {
  const container = await new GenericContainer(image)
    .withEnvironment({ PMPSMART_SANDBOX_PASSWORD: 'rahasia-uji' })
    .withExposedPorts(8089)
    .withWaitStrategy(Wait.forHealthCheck())
    .start();
  return {
    controlURL: `http://${container.getHost()}:${container.getMappedPort(8089)}/_sandbox`,
    stop: async () => { await container.stop(); },
  };
}
